<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.16" styleCategories="Symbology|Temporal" hasScaleBasedVisibilityFlag="0" minScale="1e+08" maxScale="0">
  <temporal enabled="0" mode="0" fetchMode="0">
    <fixedRange>
      <start></start>
      <end></end>
    </fixedRange>
  </temporal>
  <pipe>
    <provider>
      <resampling enabled="false" zoomedInResamplingMethod="nearestNeighbour" zoomedOutResamplingMethod="nearestNeighbour" maxOversampling="2"/>
    </provider>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="0.2">
      <rasterTransparency/>
      <minMaxOrigin>
        <limits>None</limits>
        <extent>WholeRaster</extent>
        <statAccuracy>Estimated</statAccuracy>
        <cumulativeCutLower>0.02</cumulativeCutLower>
        <cumulativeCutUpper>0.98</cumulativeCutUpper>
        <stdDevFactor>2</stdDevFactor>
      </minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" labelPrecision="4" minimumValue="0" maximumValue="0.2">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="84,48,5,255"/>
              <Option name="color2" type="QString" value="8,50,107,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.09999999999999999;135,80,20,255:0.19999999999999998;181,125,52,255:0.3;217,179,112,255:0.39999999999999997;240,223,184,255:0.5;244,241,230,255:0.6;201,223,238,255:0.7000000000000001;143,189,221,255:0.7999999999999999;76,146,198,255:0.8999999999999999;29,98,165,255"/>
            </Option>
            <prop k="color1" v="84,48,5,255"/>
            <prop k="color2" v="8,50,107,255"/>
            <prop k="discrete" v="0"/>
            <prop k="rampType" v="gradient"/>
            <prop k="stops" v="0.09999999999999999;135,80,20,255:0.19999999999999998;181,125,52,255:0.3;217,179,112,255:0.39999999999999997;240,223,184,255:0.5;244,241,230,255:0.6;201,223,238,255:0.7000000000000001;143,189,221,255:0.7999999999999999;76,146,198,255:0.8999999999999999;29,98,165,255"/>
          </colorramp>
          <item value="0" color="#543005" alpha="255" label="0 m³ m⁻³"/>
          <item value="0.02" color="#875014" alpha="255" label="0.02 m³ m⁻³"/>
          <item value="0.04" color="#b57d34" alpha="255" label="0.04 m³ m⁻³"/>
          <item value="0.06" color="#d9b370" alpha="255" label="0.06 m³ m⁻³"/>
          <item value="0.08" color="#f0dfb8" alpha="255" label="0.08 m³ m⁻³"/>
          <item value="0.1" color="#f4f1e6" alpha="255" label="0.1 m³ m⁻³"/>
          <item value="0.12" color="#c9dfee" alpha="255" label="0.12 m³ m⁻³"/>
          <item value="0.14" color="#8fbddd" alpha="255" label="0.14 m³ m⁻³"/>
          <item value="0.16" color="#4c92c6" alpha="255" label="0.16 m³ m⁻³"/>
          <item value="0.18" color="#1d62a5" alpha="255" label="0.18 m³ m⁻³"/>
          <item value="0.2" color="#08326b" alpha="255" label="0.2 m³ m⁻³"/>
          <rampLegendSettings useContinuousLegend="1" direction="0" orientation="2" minimumLabel="" maximumLabel="" prefix="" suffix=" m³ m⁻³">
            <numericFormat id="basic">
              <Option type="Map">
                <Option name="decimals" type="int" value="6"/>
                <Option name="show_thousand_separator" type="bool" value="false"/>
                <Option name="show_trailing_zeros" type="bool" value="false"/>
              </Option>
            </numericFormat>
          </rampLegendSettings>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" invertColors="0" colorizeOn="0" colorizeRed="255" colorizeGreen="128" colorizeBlue="128" colorizeStrength="100"/>
    <rasterresampler maxOversampling="2"/>
    <resamplingStage>resamplingFilter</resamplingStage>
  </pipe>
  <blendMode>0</blendMode>
</qgis>

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
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="-0.2" classificationMax="0.2">
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
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" labelPrecision="4" minimumValue="-0.2" maximumValue="0.2">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="154,70,5,255"/>
              <Option name="color2" type="QString" value="67,34,122,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.12500000000000003;203,112,18,255:0.25;239,162,75,255:0.37500000000000006;251,211,160,255:0.5;245,244,243,255:0.625;211,207,230,255:0.7500000000000001;167,156,203,255:0.8749999999999999;117,95,166,255"/>
            </Option>
            <prop k="color1" v="154,70,5,255"/>
            <prop k="color2" v="67,34,122,255"/>
            <prop k="discrete" v="0"/>
            <prop k="rampType" v="gradient"/>
            <prop k="stops" v="0.12500000000000003;203,112,18,255:0.25;239,162,75,255:0.37500000000000006;251,211,160,255:0.5;245,244,243,255:0.625;211,207,230,255:0.7500000000000001;167,156,203,255:0.8749999999999999;117,95,166,255"/>
          </colorramp>
          <item value="-0.2" color="#9a4605" alpha="255" label="−0.2 m³ m⁻³"/>
          <item value="-0.15" color="#cb7012" alpha="255" label="−0.15 m³ m⁻³"/>
          <item value="-0.1" color="#efa24b" alpha="255" label="−0.1 m³ m⁻³"/>
          <item value="-0.05" color="#fbd3a0" alpha="255" label="−0.05 m³ m⁻³"/>
          <item value="0" color="#f5f4f3" alpha="255" label="0 m³ m⁻³"/>
          <item value="0.05" color="#d3cfe6" alpha="255" label="0.05 m³ m⁻³"/>
          <item value="0.1" color="#a79ccb" alpha="255" label="0.1 m³ m⁻³"/>
          <item value="0.15" color="#755fa6" alpha="255" label="0.15 m³ m⁻³"/>
          <item value="0.2" color="#43227a" alpha="255" label="0.2 m³ m⁻³"/>
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

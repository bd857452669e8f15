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
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="300">
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
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" labelPrecision="4" minimumValue="0" maximumValue="300">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="253,247,230,255"/>
              <Option name="color2" type="QString" value="79,27,14,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.16666666666666666;251,222,174,255:0.3333333333333333;246,184,111,255:0.5;229,137,61,255:0.6666666666666666;192,90,32,255:0.8333333333333334;140,54,20,255"/>
            </Option>
            <prop k="color1" v="253,247,230,255"/>
            <prop k="color2" v="79,27,14,255"/>
            <prop k="discrete" v="0"/>
            <prop k="rampType" v="gradient"/>
            <prop k="stops" v="0.16666666666666666;251,222,174,255:0.3333333333333333;246,184,111,255:0.5;229,137,61,255:0.6666666666666666;192,90,32,255:0.8333333333333334;140,54,20,255"/>
          </colorramp>
          <item value="0" color="#fdf7e6" alpha="255" label="0 mm"/>
          <item value="50" color="#fbdeae" alpha="255" label="50 mm"/>
          <item value="100" color="#f6b86f" alpha="255" label="100 mm"/>
          <item value="150" color="#e5893d" alpha="255" label="150 mm"/>
          <item value="200" color="#c05a20" alpha="255" label="200 mm"/>
          <item value="250" color="#8c3614" alpha="255" label="250 mm"/>
          <item value="300" color="#4f1b0e" alpha="255" label="300 mm"/>
          <rampLegendSettings useContinuousLegend="1" direction="0" orientation="2" minimumLabel="" maximumLabel="" prefix="" suffix=" mm">
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

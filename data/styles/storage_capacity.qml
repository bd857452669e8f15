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
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="400">
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
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" labelPrecision="4" minimumValue="0" maximumValue="400">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="248,250,228,255"/>
              <Option name="color2" type="QString" value="12,44,84,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.125;227,241,200,255:0.25;195,227,175,255:0.375;150,207,162,255:0.5;98,181,158,255:0.625;54,149,154,255:0.75;30,115,141,255:0.875;22,80,120,255"/>
            </Option>
            <prop k="color1" v="248,250,228,255"/>
            <prop k="color2" v="12,44,84,255"/>
            <prop k="discrete" v="0"/>
            <prop k="rampType" v="gradient"/>
            <prop k="stops" v="0.125;227,241,200,255:0.25;195,227,175,255:0.375;150,207,162,255:0.5;98,181,158,255:0.625;54,149,154,255:0.75;30,115,141,255:0.875;22,80,120,255"/>
          </colorramp>
          <item value="0" color="#f8fae4" alpha="255" label="0 mm"/>
          <item value="50" color="#e3f1c8" alpha="255" label="50 mm"/>
          <item value="100" color="#c3e3af" alpha="255" label="100 mm"/>
          <item value="150" color="#96cfa2" alpha="255" label="150 mm"/>
          <item value="200" color="#62b59e" alpha="255" label="200 mm"/>
          <item value="250" color="#36959a" alpha="255" label="250 mm"/>
          <item value="300" color="#1e738d" alpha="255" label="300 mm"/>
          <item value="350" color="#165078" alpha="255" label="350 mm"/>
          <item value="400" color="#0c2c54" alpha="255" label="400 mm"/>
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

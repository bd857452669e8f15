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
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="1">
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
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" labelPrecision="4" minimumValue="0" maximumValue="1">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="255,251,217,255"/>
              <Option name="color2" type="QString" value="10,31,90,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.1;240,245,194,255:0.2;213,236,188,255:0.3;171,220,189,255:0.4;120,200,191,255:0.5;70,178,195,255:0.6;43,150,191,255:0.7;35,116,177,255:0.8;35,82,158,255:0.9;31,53,133,255"/>
            </Option>
            <prop k="color1" v="255,251,217,255"/>
            <prop k="color2" v="10,31,90,255"/>
            <prop k="discrete" v="0"/>
            <prop k="rampType" v="gradient"/>
            <prop k="stops" v="0.1;240,245,194,255:0.2;213,236,188,255:0.3;171,220,189,255:0.4;120,200,191,255:0.5;70,178,195,255:0.6;43,150,191,255:0.7;35,116,177,255:0.8;35,82,158,255:0.9;31,53,133,255"/>
          </colorramp>
          <item value="0" color="#fffbd9" alpha="255" label="0"/>
          <item value="0.1" color="#f0f5c2" alpha="255" label="0.1"/>
          <item value="0.2" color="#d5ecbc" alpha="255" label="0.2"/>
          <item value="0.3" color="#abdcbd" alpha="255" label="0.3"/>
          <item value="0.4" color="#78c8bf" alpha="255" label="0.4"/>
          <item value="0.5" color="#46b2c3" alpha="255" label="0.5"/>
          <item value="0.6" color="#2b96bf" alpha="255" label="0.6"/>
          <item value="0.7" color="#2374b1" alpha="255" label="0.7"/>
          <item value="0.8" color="#23529e" alpha="255" label="0.8"/>
          <item value="0.9" color="#1f3585" alpha="255" label="0.9"/>
          <item value="1" color="#0a1f5a" alpha="255" label="1"/>
          <rampLegendSettings useContinuousLegend="1" direction="0" orientation="2" minimumLabel="" maximumLabel="" prefix="" suffix="">
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

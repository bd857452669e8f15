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
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="-4000" classificationMax="0">
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
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" labelPrecision="4" minimumValue="-4000" maximumValue="0">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="5,34,79,255"/>
              <Option name="color2" type="QString" value="253,231,60,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.125;31,59,109,255:0.25;64,80,115,255:0.375;93,103,120,255:0.5;122,126,125,255:0.625;153,150,119,255:0.75;186,176,106,255:0.875;220,203,86,255"/>
            </Option>
            <prop k="color1" v="5,34,79,255"/>
            <prop k="color2" v="253,231,60,255"/>
            <prop k="discrete" v="0"/>
            <prop k="rampType" v="gradient"/>
            <prop k="stops" v="0.125;31,59,109,255:0.25;64,80,115,255:0.375;93,103,120,255:0.5;122,126,125,255:0.625;153,150,119,255:0.75;186,176,106,255:0.875;220,203,86,255"/>
          </colorramp>
          <item value="-4000" color="#05224f" alpha="255" label="−4000 cm"/>
          <item value="-3500" color="#1f3b6d" alpha="255" label="−3500 cm"/>
          <item value="-3000" color="#405073" alpha="255" label="−3000 cm"/>
          <item value="-2500" color="#5d6778" alpha="255" label="−2500 cm"/>
          <item value="-2000" color="#7a7e7d" alpha="255" label="−2000 cm"/>
          <item value="-1500" color="#999677" alpha="255" label="−1500 cm"/>
          <item value="-1000" color="#bab06a" alpha="255" label="−1000 cm"/>
          <item value="-500" color="#dccb56" alpha="255" label="−500 cm"/>
          <item value="0" color="#fde73c" alpha="255" label="0 cm"/>
          <rampLegendSettings useContinuousLegend="1" direction="0" orientation="2" minimumLabel="" maximumLabel="" prefix="" suffix=" cm">
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

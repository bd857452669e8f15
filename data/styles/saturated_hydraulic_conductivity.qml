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
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="0.1" classificationMax="1000">
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
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" labelPrecision="4" minimumValue="0.1" maximumValue="1000">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="5,34,79,255"/>
              <Option name="color2" type="QString" value="253,231,60,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.00010001000100010001;21,49,97,255:0.00040004000400040005;44,67,111,255:0.0009000900090009002;64,80,115,255:0.0019001900190019;81,94,118,255:0.004900490049004901;105,112,122,255:0.009900990099009901;122,126,125,255:0.019901990199019903;141,140,121,255:0.0499049904990499;166,160,114,255:0.09990999099909992;186,176,106,255:0.19991999199919994;206,192,94,255:0.49994999499949994;233,214,76,255"/>
            </Option>
            <prop k="color1" v="5,34,79,255"/>
            <prop k="color2" v="253,231,60,255"/>
            <prop k="discrete" v="0"/>
            <prop k="rampType" v="gradient"/>
            <prop k="stops" v="0.00010001000100010001;21,49,97,255:0.00040004000400040005;44,67,111,255:0.0009000900090009002;64,80,115,255:0.0019001900190019;81,94,118,255:0.004900490049004901;105,112,122,255:0.009900990099009901;122,126,125,255:0.019901990199019903;141,140,121,255:0.0499049904990499;166,160,114,255:0.09990999099909992;186,176,106,255:0.19991999199919994;206,192,94,255:0.49994999499949994;233,214,76,255"/>
          </colorramp>
          <item value="0.1" color="#05224f" alpha="255" label="0.1 cm d⁻¹"/>
          <item value="0.2" color="#153161" alpha="255" label="0.2 cm d⁻¹"/>
          <item value="0.5" color="#2c436f" alpha="255" label="0.5 cm d⁻¹"/>
          <item value="1" color="#405073" alpha="255" label="1 cm d⁻¹"/>
          <item value="2" color="#515e76" alpha="255" label="2 cm d⁻¹"/>
          <item value="5" color="#69707a" alpha="255" label="5 cm d⁻¹"/>
          <item value="10" color="#7a7e7d" alpha="255" label="10 cm d⁻¹"/>
          <item value="20" color="#8d8c79" alpha="255" label="20 cm d⁻¹"/>
          <item value="50" color="#a6a072" alpha="255" label="50 cm d⁻¹"/>
          <item value="100" color="#bab06a" alpha="255" label="100 cm d⁻¹"/>
          <item value="200" color="#cec05e" alpha="255" label="200 cm d⁻¹"/>
          <item value="500" color="#e9d64c" alpha="255" label="500 cm d⁻¹"/>
          <item value="1000" color="#fde73c" alpha="255" label="1000 cm d⁻¹"/>
          <rampLegendSettings useContinuousLegend="1" direction="0" orientation="2" minimumLabel="" maximumLabel="" prefix="" suffix=" cm d⁻¹">
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

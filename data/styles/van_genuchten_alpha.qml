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
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="0.001" classificationMax="1">
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
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" labelPrecision="4" minimumValue="0.001" maximumValue="1">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="5,34,79,255"/>
              <Option name="color2" type="QString" value="253,231,60,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.001001001001001001;26,54,103,255:0.004004004004004004;60,77,114,255:0.00900900900900901;83,95,118,255:0.019019019019019017;107,114,122,255:0.049049049049049054;138,139,122,255:0.0990990990990991;164,159,115,255:0.1991991991991992;191,180,103,255:0.4994994994994995;227,209,81,255"/>
            </Option>
            <prop k="color1" v="5,34,79,255"/>
            <prop k="color2" v="253,231,60,255"/>
            <prop k="discrete" v="0"/>
            <prop k="rampType" v="gradient"/>
            <prop k="stops" v="0.001001001001001001;26,54,103,255:0.004004004004004004;60,77,114,255:0.00900900900900901;83,95,118,255:0.019019019019019017;107,114,122,255:0.049049049049049054;138,139,122,255:0.0990990990990991;164,159,115,255:0.1991991991991992;191,180,103,255:0.4994994994994995;227,209,81,255"/>
          </colorramp>
          <item value="0.001" color="#05224f" alpha="255" label="0.001 cm⁻¹"/>
          <item value="0.002" color="#1a3667" alpha="255" label="0.002 cm⁻¹"/>
          <item value="0.005" color="#3c4d72" alpha="255" label="0.005 cm⁻¹"/>
          <item value="0.01" color="#535f76" alpha="255" label="0.01 cm⁻¹"/>
          <item value="0.02" color="#6b727a" alpha="255" label="0.02 cm⁻¹"/>
          <item value="0.05" color="#8a8b7a" alpha="255" label="0.05 cm⁻¹"/>
          <item value="0.1" color="#a49f73" alpha="255" label="0.1 cm⁻¹"/>
          <item value="0.2" color="#bfb467" alpha="255" label="0.2 cm⁻¹"/>
          <item value="0.5" color="#e3d151" alpha="255" label="0.5 cm⁻¹"/>
          <item value="1" color="#fde73c" alpha="255" label="1 cm⁻¹"/>
          <rampLegendSettings useContinuousLegend="1" direction="0" orientation="2" minimumLabel="" maximumLabel="" prefix="" suffix=" cm⁻¹">
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

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
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="100">
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
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" labelPrecision="4" minimumValue="0" maximumValue="100">
          <colorramp name="[source]" type="gradient">
            <Option type="Map">
              <Option name="color1" type="QString" value="5,34,79,255"/>
              <Option name="color2" type="QString" value="253,231,60,255"/>
              <Option name="discrete" type="QString" value="0"/>
              <Option name="rampType" type="QString" value="gradient"/>
              <Option name="stops" type="QString" value="0.1;26,54,103,255:0.2;51,72,113,255:0.3;76,89,117,255:0.4;99,108,121,255:0.5;122,126,125,255:0.6;147,145,120,255:0.7;173,166,111,255:0.8;200,187,98,255:0.9;227,209,81,255"/>
            </Option>
            <prop k="color1" v="5,34,79,255"/>
            <prop k="color2" v="253,231,60,255"/>
            <prop k="discrete" v="0"/>
            <prop k="rampType" v="gradient"/>
            <prop k="stops" v="0.1;26,54,103,255:0.2;51,72,113,255:0.3;76,89,117,255:0.4;99,108,121,255:0.5;122,126,125,255:0.6;147,145,120,255:0.7;173,166,111,255:0.8;200,187,98,255:0.9;227,209,81,255"/>
          </colorramp>
          <item value="0" color="#05224f" alpha="255" label="0 %"/>
          <item value="10" color="#1a3667" alpha="255" label="10 %"/>
          <item value="20" color="#334871" alpha="255" label="20 %"/>
          <item value="30" color="#4c5975" alpha="255" label="30 %"/>
          <item value="40" color="#636c79" alpha="255" label="40 %"/>
          <item value="50" color="#7a7e7d" alpha="255" label="50 %"/>
          <item value="60" color="#939178" alpha="255" label="60 %"/>
          <item value="70" color="#ada66f" alpha="255" label="70 %"/>
          <item value="80" color="#c8bb62" alpha="255" label="80 %"/>
          <item value="90" color="#e3d151" alpha="255" label="90 %"/>
          <item value="100" color="#fde73c" alpha="255" label="100 %"/>
          <rampLegendSettings useContinuousLegend="1" direction="0" orientation="2" minimumLabel="" maximumLabel="" prefix="" suffix=" %">
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

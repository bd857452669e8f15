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
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin>
        <limits>None</limits>
        <extent>WholeRaster</extent>
        <statAccuracy>Estimated</statAccuracy>
        <cumulativeCutLower>0.02</cumulativeCutLower>
        <cumulativeCutUpper>0.98</cumulativeCutUpper>
        <stdDevFactor>2</stdDevFactor>
      </minMaxOrigin>
      <colorPalette>
        <paletteEntry value="0" color="#f2f2ee" alpha="255" label="no remark"/>
        <paletteEntry value="1" color="#333333" alpha="255" label="input missing"/>
        <paletteEntry value="2" color="#f0e442" alpha="255" label="gap filled"/>
        <paletteEntry value="3" color="#333333" alpha="255" label="input missing + gap filled"/>
        <paletteEntry value="4" color="#56b4e9" alpha="255" label="spinning up"/>
        <paletteEntry value="5" color="#333333" alpha="255" label="input missing + spinning up"/>
        <paletteEntry value="6" color="#56b4e9" alpha="255" label="gap filled + spinning up"/>
        <paletteEntry value="8" color="#0072b2" alpha="255" label="capped"/>
        <paletteEntry value="12" color="#56b4e9" alpha="255" label="spinning up + capped"/>
        <paletteEntry value="16" color="#cc79a7" alpha="255" label="clipped parameter"/>
        <paletteEntry value="17" color="#333333" alpha="255" label="input missing + clipped parameter"/>
        <paletteEntry value="18" color="#f0e442" alpha="255" label="gap filled + clipped parameter"/>
        <paletteEntry value="20" color="#56b4e9" alpha="255" label="spinning up + clipped parameter"/>
        <paletteEntry value="21" color="#333333" alpha="255" label="input missing + spinning up + clipped parameter"/>
        <paletteEntry value="24" color="#0072b2" alpha="255" label="capped + clipped parameter"/>
        <paletteEntry value="32" color="#888888" alpha="255" label="not applicable"/>
        <paletteEntry value="33" color="#333333" alpha="255" label="input missing + not applicable"/>
        <paletteEntry value="48" color="#888888" alpha="255" label="clipped parameter + not applicable"/>
        <paletteEntry value="64" color="#d55e00" alpha="255" label="non closing balance"/>
        <paletteEntry value="66" color="#d55e00" alpha="255" label="gap filled + non closing balance"/>
        <paletteEntry value="128" color="#5b4a8a" alpha="255" label="too few years"/>
        <paletteEntry value="130" color="#5b4a8a" alpha="255" label="gap filled + too few years"/>
        <paletteEntry value="192" color="#5b4a8a" alpha="255" label="non closing balance + too few years"/>
        <paletteEntry value="256" color="#009e73" alpha="255" label="extrapolated"/>
        <paletteEntry value="257" color="#333333" alpha="255" label="input missing + extrapolated"/>
        <paletteEntry value="260" color="#56b4e9" alpha="255" label="spinning up + extrapolated"/>
        <paletteEntry value="272" color="#cc79a7" alpha="255" label="clipped parameter + extrapolated"/>
        <paletteEntry value="276" color="#56b4e9" alpha="255" label="spinning up + clipped parameter + extrapolated"/>
        <paletteEntry value="512" color="#8f3b76" alpha="255" label="clipped level"/>
        <paletteEntry value="640" color="#5b4a8a" alpha="255" label="too few years + clipped level"/>
        <paletteEntry value="1024" color="#e69f00" alpha="255" label="maximum in last year"/>
        <paletteEntry value="1026" color="#e69f00" alpha="255" label="gap filled + maximum in last year"/>
        <paletteEntry value="1088" color="#d55e00" alpha="255" label="non closing balance + maximum in last year"/>
        <paletteEntry value="1152" color="#5b4a8a" alpha="255" label="too few years + maximum in last year"/>
        <paletteEntry value="2048" color="#a8c96b" alpha="255" label="assumed input"/>
        <paletteEntry value="2304" color="#009e73" alpha="255" label="extrapolated + assumed input"/>
        <paletteEntry value="4096" color="#b06b2e" alpha="255" label="few observations"/>
        <paletteEntry value="4097" color="#333333" alpha="255" label="input missing + few observations"/>
      </colorPalette>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" invertColors="0" colorizeOn="0" colorizeRed="255" colorizeGreen="128" colorizeBlue="128" colorizeStrength="100"/>
    <rasterresampler maxOversampling="2"/>
    <resamplingStage>resamplingFilter</resamplingStage>
  </pipe>
  <blendMode>0</blendMode>
</qgis>

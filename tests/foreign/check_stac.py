#!/usr/bin/python3
"""The STAC item: members of STAC 1.0.0 and GeoJSON, assets that exist with the checksums they claim."""
import datetime
import glob
import hashlib
import json
import os

from foreign import EPSG, Claims, run_folder

claims = Claims()
folder = run_folder()
items = glob.glob(os.path.join(folder, "stac", "*.json"))
claims.that("one item", len(items) == 1, items)
with open(items[0], encoding="utf-8") as file:
    item = json.load(file)

claims.that("a Feature", item.get("type") == "Feature")
claims.that("STAC 1.0.0", item.get("stac_version") == "1.0.0", item.get("stac_version"))
claims.that("an id", isinstance(item.get("id"), str) and item["id"])
for member in ("geometry", "bbox", "properties", "links", "assets"):
    claims.that(f"has {member}", member in item)
west, south, east, north = item["bbox"]
claims.that("bbox in degrees around the basin", 8 < west < east < 11 and 44 < south < north < 47, item["bbox"])
ring = item["geometry"]["coordinates"][0]
claims.that("a closed polygon", item["geometry"]["type"] == "Polygon" and ring[0] == ring[-1] and len(ring) >= 4)
claims.that("anticlockwise, as GeoJSON asks", sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(ring, ring[1:])) < 0)
claims.that("bbox holds the polygon", all(west - 1e-9 <= x <= east + 1e-9 and south - 1e-9 <= y <= north + 1e-9 for x, y in ring))

properties = item["properties"]
claims.that("datetime, or null with start and end", "datetime" in properties and
            (properties["datetime"] or ("start_datetime" in properties and "end_datetime" in properties)))
for name in ("datetime", "start_datetime", "end_datetime"):
    if properties.get(name):
        moment = datetime.datetime.strptime(properties[name], "%Y-%m-%dT%H:%M:%SZ")
        claims.that(f"{name} within the run", datetime.datetime(2020, 1, 1) <= moment <= datetime.datetime(2021, 1, 1), moment)
claims.that("projection", properties.get("proj:epsg") == EPSG, properties.get("proj:epsg"))
extensions = " ".join(item.get("stac_extensions", []))
claims.that("says that it uses the projection extension", "projection" in extensions, extensions)
claims.that("links are links", all("rel" in link and "href" in link for link in item["links"]))

claims.that("assets", len(item["assets"]) > 10, len(item["assets"]))
for key, asset in item["assets"].items():
    path = os.path.normpath(os.path.join(os.path.dirname(items[0]), asset["href"]))
    if not claims.that(f"{key}: {asset['href']} exists", os.path.isfile(path)):
        continue
    claims.that(f"{key}: media type and roles", "/" in asset.get("type", "") and asset.get("roles"))
    checksum = asset.get("file:checksum")
    if checksum:  # multihash: 0x12 = SHA-256, 0x20 = 32 bytes
        with open(path, "rb") as file:
            claims.that(f"{key}: checksum", checksum == "1220" + hashlib.sha256(file.read()).hexdigest(), checksum[:12])
claims.that("every COG is an asset", {os.path.basename(p) for p in glob.glob(os.path.join(folder, "*", "*.tif"))} <=
            {os.path.basename(asset["href"]) for asset in item["assets"].values()})
claims.finish()

#!/usr/bin/python3
"""Compose docs/images/demo.png from the maps and charts of a demo run's own report.

    /usr/bin/python3 docs/images/make_demo_picture.py out/demo/report.html docs/images/demo.png

Needs Chromium (`apt-get install chromium`) to draw the SVG; nothing is fetched.
"""
import os
import re
import subprocess
import sys
import tempfile

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"/><style>{style}
html{{background:#fff}} body{{margin:0;padding:18px 24px;max-width:none;width:1232px;background:#fff;color:#1c2430}}
.row{{display:grid;grid-template-columns:repeat(3,1fr);gap:20px 26px}} figure b{{font-size:15px}}
figcaption{{margin:0 0 4px;font-size:15px;color:#1c2430}} .charts{{display:grid;grid-template-columns:816px 1fr;gap:26px;margin-top:16px;align-items:start}}
.charts svg.chart{{max-width:none;min-width:0;width:100%;height:auto}}
</style></head><body><div class="row">{figures}</div><div class="charts">{charts}</div></body></html>"""


def sections_of(html):
    """Product variable → its figures, in the order of the page."""
    parts = re.split(r"<h3>[^<]*<code>(\w+)</code></h3>", html)
    return {name: re.findall(r"<figure>(.*?)</figure>", body, re.S) for name, body in zip(parts[1::2], parts[2::2])}


def figure(figures, label, title):
    for body in figures:
        svg, caption = body.split("<figcaption>")
        if label in caption:
            words = re.search(r"<b>(.*?)</b>", caption).group(1)
            return f"<figure><figcaption><b>{title}</b><br/>{words}</figcaption>{svg}</figure>"
    sys.exit(f"the report has no map '{label}' for {title}")


def main():
    report, picture = sys.argv[1], os.path.abspath(sys.argv[2])
    with open(report, encoding="utf-8") as file:
        html = file.read()
    style = re.search(r"<style>(.*?)</style>", html, re.S).group(1)
    maps = sections_of(html.split('<section id="basin">')[0])
    charts = re.findall(r'<svg [^>]*class="chart".*?</svg>', html.split('<section id="basin">')[1], re.S)[:1]
    scatter = html.split('<section id="station-series">')[1].split('<div class="square">')[1]
    charts.append(scatter.split("</div>")[0])
    moisture, capacity = maps["root_zone_soil_moisture"], maps["root_zone_storage_capacity"]
    figures = (figure(moisture, "lowest mean", "Root-zone soil moisture") +
               figure(moisture, "highest mean", "Root-zone soil moisture") +
               figure(capacity, "return period 20 years", "Root-zone storage capacity"))
    with tempfile.TemporaryDirectory(prefix="rootzone_picture_") as scratch:
        page = os.path.join(scratch, "page.html")
        with open(page, "w", encoding="utf-8") as file:
            file.write(PAGE.format(style=style, figures=figures, charts=''.join(f'<div>{chart}</div>' for chart in charts)))
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        f"--user-data-dir={scratch}/profile", "--window-size=1280,784", f"--screenshot={picture}",
                        f"file://{page}"], check=True, stderr=subprocess.DEVNULL)
    print(f"{picture}: {os.path.getsize(picture)} bytes")


if __name__ == "__main__":
    main()

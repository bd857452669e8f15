#!/usr/bin/env bash
# Build the image and try it as an operator would: as a user id that nobody has, on a read-only root file system,
# without network and capabilities. Where debian:bookworm-slim cannot be pulled, a base is made with debootstrap from
# the Debian mirror that this machine uses. Needs root, buildah, podman, runc and debootstrap (Debian packages).
#   bash docker/test-image.sh             # compile in the image: half an hour on two cores
#   bash docker/test-image.sh --prebuilt  # take build/release/bin/rootzone, if it was built on Debian 12
# Exit code 77: something it needs is not there.
set -euo pipefail
cd "$(dirname "$0")/.."

limit_megabytes=280
base=docker.io/library/debian:bookworm-slim
image=localhost/rootzone:test
work=$(mktemp -d)
trap 'rm -rf "$work" .image' EXIT
program=build

for tool in buildah podman runc debootstrap; do
  command -v "$tool" >/dev/null || { echo "test-image: $tool is not installed"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "test-image: needs root"; exit 77; }

if [ "${1:-}" = --prebuilt ]; then
  program=prebuilt
  install -D -s build/release/bin/rootzone .image/usr/local/bin/rootzone
  mkdir -p .image/usr/local/share/rootzone/pipelines
  cp -r data/. .image/usr/local/share/rootzone/
  cp pipelines/demo.toml .image/usr/local/share/rootzone/pipelines/
fi

make_base() {
  echo "test-image: making $base with debootstrap"
  local mirror
  # The first source of bookworm, in lines or in stanzas; none of these files need be there.
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '
    $1 == "deb" {sub(/\[[^]]*\] */, ""); if ($3 == "bookworm") {print $2; exit}}
    $1 == "URIs:" {uri = $2} $1 == "Suites:" && / bookworm( |$)/ {print uri; exit}') || true
  debootstrap --variant=minbase bookworm "$work/root" ${mirror:+"$mirror"} > "$work/debootstrap.log" ||
    { tail -20 "$work/debootstrap.log"; exit 77; }
  # What the slim image leaves out, and how this machine reaches its mirror.
  rm -rf "$work/root/usr/share/"{doc,man,locale,info}/* "$work/root/var/lib/apt/lists/"* "$work/root/var/cache/apt/"*
  rm -f "$work/root/etc/apt/sources.list"
  cp -r /etc/apt/sources.list* "$work/root/etc/apt/" 2>/dev/null || true
  local settings
  for settings in /etc/apt/apt.conf.d/*; do
    grep -qiE 'proxy|acquire' "$settings" && cp "$settings" "$work/root/etc/apt/apt.conf.d/"
  done
  local container
  container=$(buildah from scratch)
  buildah add -q "$container" "$work/root" / >/dev/null
  buildah config --cmd /bin/bash "$container"
  buildah commit -q "$container" "$base" >/dev/null
  buildah rm "$container" >/dev/null
  rm -rf "$work/root"
}

buildah inspect --type image "$base" >/dev/null 2>&1 || timeout 120 buildah pull -q "$base" >/dev/null 2>&1 || make_base

echo "test-image: building"
buildah bud --pull-never --isolation chroot --layers -q -f docker/Dockerfile -t "$image" \
  --build-arg DEBIAN="$base" --build-arg JOBS="${JOBS:-2}" --build-arg PROGRAM="$program" \
  --build-arg VERSION="$(sed -n 's/^ *VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt | head -1)" \
  --build-arg REVISION="$(git rev-parse --short=10 HEAD 2>/dev/null || echo unknown)" . > "$work/build.log" 2>&1 ||
  { tail -40 "$work/build.log"; exit 1; }

failed=0
check() {  # words, then what must be true
  if "${@:2}"; then echo "ok: $1"; else echo "FAILED: $1"; failed=1; fi
}
in_image() {  # options of podman -- arguments of the container
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  podman --runtime runc --cgroup-manager cgroupfs run --rm --network none --read-only --cap-drop all \
    --security-opt no-new-privileges --ulimit nofile=20000:20000 --ulimit nproc=4096:4096 --tmpfs /tmp \
    "${options[@]}" "$image" "$@"
}

bytes=$(podman image inspect "$image" --format '{{.Size}}')
megabytes=$((bytes / 1000000))
echo "test-image: $megabytes MB"
check "the image has at most $limit_megabytes MB" [ "$megabytes" -le "$limit_megabytes" ]
check "its entry point is the program" [ "$(podman image inspect "$image" --format '{{json .Config.Entrypoint}}')" = '["rootzone"]' ]
check "it names a user that is not root" [ "$(podman image inspect "$image" --format '{{.Config.User}}')" = 10001:10001 ]
check "it carries the OCI labels" \
  [ "$(podman image inspect "$image" --format '{{index .Labels "org.opencontainers.image.licenses"}}')" = Apache-2.0 ]
compilers=$(in_image --entrypoint /bin/sh -- -c 'for c in cc gcc g++ c++ clang cmake ld as make git; do command -v $c; done; true')
check "it has no compiler (found: ${compilers:-none})" [ -z "$compilers" ]
version=$(in_image -- --version)
echo "$version"
if [ "$program" = build ]; then
  revision=$(git rev-parse --short=10 HEAD 2>/dev/null || echo unknown)
  check "the program names the revision $revision" grep -qF "($revision" <<< "$version"
fi

# A user id that no file knows, drawn anew each time.
user=$((20000 + RANDOM)):$((20000 + RANDOM))
mkdir "$work/data"
chown "$user" "$work/data"
chmod 755 "$work"
echo "test-image: the demo as $user"
in_image -u "$user" -v "$work/data:/data" -- -q demo /data/demo --rows 24 --cols 32 --days 120 --storage-years 12 --stations 6
cp pipelines/demo.toml pipelines/night-demo.toml "$work/data/"
sed -i 's#\.\./demo/#demo/#' "$work/data/demo.toml" "$work/data/night-demo.toml"
settings=(--set time.start=2020-09-03 --set stage.3.record_start=2009-01-01)
in_image -u "$user" -v "$work/data:/data" -- -q run /data/demo.toml --out /data/out --jobs 2 --memory 1GiB "${settings[@]}"
check "the demo ran to its end" test -s "$work/data/out/manifest.json"
check "its report is there" test -s "$work/data/out/report.html"
check "its products are the user's" [ "$(stat -c %u:%g "$work/data/out/root_zone_soil_moisture.nc")" = "$user" ]
in_image -u "$user" -v "$work/data:/data" -v "$work/data/demo:/data/demo:ro" -- -q check /data/demo.toml "${settings[@]}" > "$work/check.txt"
check "inputs may be read-only" grep -q surface_soil_moisture "$work/check.txt"
for night in 2020-12-30 2020-12-31; do
  in_image -u "$user" -v "$work/data:/data" -v "$work/data/demo:/data/demo:ro" -- -q update /data/night-demo.toml --out /data/nights --through "$night"
done
check "two nights were made, the second from the state of the first" \
  test -s "$work/data/nights/state/night-demo_20201230.rzstate" -a -s "$work/data/nights/state/night-demo_20201231.rzstate"
[ "$failed" -eq 0 ] && echo "test-image: all is well"
exit "$failed"

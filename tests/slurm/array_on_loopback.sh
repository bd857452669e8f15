#!/usr/bin/env bash
# A real Slurm on this machine alone: munge with a key of its own, controller and node on loopback. Runs
# docker/slurm/run-tiles.sh, kills a worker in the middle and requeues it, and compares the bytes with those of `run`.
#   array_on_loopback.sh PROGRAM SOURCE_DIR
# Exit code 77: no Slurm here, or it cannot be started.
set -euo pipefail
program=$1 source=$2
for tool in munged slurmctld slurmd sbatch scontrol squeue sinfo; do
  command -v "$tool" >/dev/null || { echo "no $tool: install slurm-wlm and munge"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "needs root to start slurmd"; exit 77; }

work=$(mktemp -d)
chmod 755 "$work"
processes=()
clean_up() {
  for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT
skip() { echo "$1"; tail -5 "$work"/*.log 2>/dev/null || true; exit 77; }

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
node=$(hostname -s)
dd if=/dev/urandom of="$work/munge.key" bs=1024 count=1 status=none
chmod 400 "$work/munge.key"
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munge.pid" \
  --log-file="$work/munge.log" --seed-file="$work/munge.seed" > "$work/munged.log" 2>&1 &
processes+=($!)
cat > "$work/slurm.conf" <<CONF
ClusterName=loopback
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket,cred_expire=10
CryptoType=crypto/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=10000,bf_interval=1
ReturnToService=2
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
mkdir "$work/state" "$work/spool"
slurmctld -D -f "$SLURM_CONF" > "$work/ctld.out.log" 2>&1 &
processes+=($!)
slurmd -D -f "$SLURM_CONF" -N "$node" > "$work/d.out.log" 2>&1 &
processes+=($!)
for _ in $(seq 60); do
  state=$(sinfo -h -o %T 2>/dev/null || true)
  [ "$state" = idle ] && break
  sleep 1
done
[ "$state" = idle ] || skip "Slurm did not come up on loopback (state: ${state:-none})"

"$program" -q demo "$work/demo" --rows 300 --cols 12 --days 40 --storage-years 1 --stations 2 > /dev/null
cat > "$work/tiles.toml" <<TOML
[pipeline]
name = "tiles"
[grid]
like = "demo/land_cover.tif"
[time]
start = 2020-11-25
end = 2020-12-31
[inputs.surface_soil_moisture]
path = "demo/surface_soil_moisture/ssm_{date}.tif"
units = "m3 m-3"
[[stage]]
kind = "exponential_filter"
time = [5, 20]
[[output]]
variable = "soil_water_index_t5"
formats = ["netcdf", "cog"]
cog_dates = "month_start"
[[output]]
variable = "soil_water_index_t20"
TOML
"$program" -q run "$work/tiles.toml" --out "$work/one" --jobs 1 > /dev/null

cd "$work"
export ROOTZONE=$program MEMORY=512MiB
bash "$source/docker/slurm/run-tiles.sh" "$work/tiles.toml" "$work/many" 3 --mem=0 --cpus-per-task=1 --output="$work/job_%A_%a.txt" |
  tee "$work/submitted.txt"
array=$(sed -n 's/tiles: job \([0-9]*\).*/\1/p' "$work/submitted.txt")
last=$(sed -n 's/.*assembly: job \([0-9]*\).*/\1/p' "$work/submitted.txt")
# The first worker that runs is killed as by a lost node, and put back into the queue.
for _ in $(seq 100); do
  running=$(squeue -h -j "$array" -t R -r -o %i 2>/dev/null | head -1 || true)
  [ -n "$running" ] && { scontrol requeue "$running" 2>/dev/null && echo "requeued $running" || true; break; }
  [ -z "$(squeue -h -j "$last" 2>/dev/null)" ] && break
  sleep 0.1
done
# A requeued job waits until its first credential has expired (cred_expire above, two minutes without it).
for _ in $(seq 600); do
  [ -z "$(squeue -h 2>/dev/null)" ] && break
  sleep 0.5
done
squeue
for product in soil_water_index_t5.nc soil_water_index_t20.nc soil_water_index_t5/soil_water_index_t5_20201201.tif; do
  cmp "$work/one/$product" "$work/many/$product" || { cat "$work"/job_*.txt; exit 1; }
done
[ ! -e "$work/many/.work" ] || { echo "scratch files are left"; ls -R "$work/many/.work"; exit 1; }
echo "array and afterok: the same bytes as one run"

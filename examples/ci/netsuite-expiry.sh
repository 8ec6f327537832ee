#!/bin/sh
# Writes what the certificates of all targets are worth into the folder that the node exporter reads
# (--collector.textfile.directory). No network and no key is needed, only the certificate files that
# the configuration names.
#
#   CONFIG    the configuration file      (/etc/netsuite/netsuite-preflight.toml)
#   FOLDER    the folder of .prom files   (/var/lib/prometheus/node-exporter)
set -eu
config=${CONFIG:-/etc/netsuite/netsuite-preflight.toml}
folder=${FOLDER:-/var/lib/prometheus/node-exporter}

new=$folder/.netsuite-expiry.$$
trap 'rm -f "$new"' EXIT

# 1 and 4 are verdicts, which the metrics tell; only a run without metrics is an error of this job.
code=0
netsuite-preflight check --all --config "$config" --offline --only certificate-expiry \
    --fail-on warn --format openmetrics --output "$new" || code=$?
[ -s "$new" ] || exit "$code"

# Reports are written for their owner alone; the node exporter is another user. The rename comes
# last, so that it never reads half a file.
chmod 0644 "$new"
mv "$new" "$folder/netsuite-expiry.prom"

"""What operators see of a running platform: logs, metrics, traces.

One rule above all (docs/decisions/0016-nobody-counts-bids.md): nothing here may grow with the
bids of an open round. `procurement.telemetry.withheld` decides what is told of a request.
"""

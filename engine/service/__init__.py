"""The engine as an HTTP service: `python -m engine.service` on a machine with devices.

It keeps no durable queue. An attempt is accepted by its id when a device is free, can be followed
and followed again while the service lives, and is forgotten a while after its end. Whoever sent it
keeps the queue and makes the next attempt.
"""

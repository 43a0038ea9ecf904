"""Batches of any channel: sealing, e-mail to authorities, petition delivery."""

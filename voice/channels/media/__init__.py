"""Speech over RTP: codecs, jitter, keys, reports."""

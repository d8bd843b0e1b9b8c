"""Our own answering party: SIP (RFC 3261), SDP (RFC 4566), RTP (RFC 3550), G.711, keys by RFC 4733, in Python alone."""

"""The shared tier on Redis or Valkey, and the stream by which a clear reaches every host. See docs/redis-tier.md.

`tier.RedisTier` is what `cached(..., tier=...)` talks to; `follower.Follower` applies clears that come from elsewhere. The client is
our own and small: it has to know which run of the server an answer comes from, and nothing may be installed for it.
"""

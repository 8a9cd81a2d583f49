// Which calls make a client of a cache server.

export type ClientKind = "redis" | "memcache" | "django";

/** Classes and functions of redis-py, Valkey, django-redis, Flask-Redis; pipelines count as clients. */
const REDIS =
  /^(?:redis|valkey|aioredis|fakeredis|django_redis|flask_redis|redis_om)\.(?:[\w.]+\.)?(?:(?:Strict|Fake|FakeStrict|FakeAsync|Flask)?Redis(?:Cluster)?|Valkey(?:Cluster)?|Sentinel\.master_for|from_url|create_redis_pool|create_redis|get_redis_connection|pipeline)$/;

const MEMCACHE =
  /^(?:pymemcache\.(?:[\w.]+\.)?(?:Pooled|Hash|Retrying)?Client|memcache\.Client|pylibmc\.Client|bmemcached\.Client|aiomcache\.Client)$/;

const DJANGO = /^django\.core\.cache\.(?:cache|caches)$/;

/** By absolute name; null for what makes no client, or is none. */
export function clientKindOf(name: string): ClientKind | null {
  if (REDIS.test(name)) return "redis";
  if (MEMCACHE.test(name)) return "memcache";
  return DJANGO.test(name) ? "django" : null;
}

/** Names by custom: what is asked about when a file alone does not know. */
export function mayBeClientName(name: string): boolean {
  return /redis|cache|client|conn|valkey|pipe|(?:^|[._])(?:r|rc|rdb|kv|db|store)(?:\(\))?$/i.test(
    name.slice(name.lastIndexOf(".") + 1),
  );
}

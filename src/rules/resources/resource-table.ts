// Calls that open something which is to be closed.

/**
 * descriptor: a bare number, which nobody closes. counted: closed by its destructor with the last reference. cyclic: part
 * of a reference cycle, closed when the collector finds it. unknown: one of these two.
 */
export type Release = "descriptor" | "counted" | "cyclic" | "unknown";

export interface ResourceKind {
  /** "a file", "a session". */
  readonly what: string;
  readonly release: Release;
  /** How it is closed: completes "Close it with ...". */
  readonly closing: string;
  /** Made to be shared: it keeps connections, threads or a pool. */
  readonly isClient: boolean;
}

const kind = (what: string, release: Release, closing: string, isClient = false): ResourceKind => ({
  what,
  release,
  closing,
  isClient,
});

const FILE = kind("a file", "counted", "with");
/** One that writes is part of a reference cycle: gzip from 3.12, tarfile in every version. Measured with 3.11 to 3.13. */
const WRITTEN_FILE = kind("a file", "unknown", "with");
const WRITTEN_ARCHIVE = kind("an archive", "unknown", "with");
const ARCHIVE = kind("an archive", "counted", "with");
const DESCRIPTOR = kind("a file descriptor", "descriptor", "os.close");
const SOCKET = kind("a socket", "counted", "with");
const CONNECTION = kind("a connection", "counted", "close()");
const CYCLIC_CONNECTION = kind("a connection", "cyclic", "close()");
const EXECUTOR = kind("an executor", "counted", "with");
const SESSION = kind("a session with its connections", "counted", "with", true);
const CYCLIC_CLIENT = kind("a client with its connections", "cyclic", "with", true);
const CYCLIC_POOL = kind("a client with its connections", "cyclic", "close()", true);
const CLIENT = kind("a client with its connections", "unknown", "close()", true);
const ENGINE = kind("an engine with its pool of connections", "cyclic", "dispose()", true);

const named = (value: ResourceKind, names: string): readonly (readonly [string, ResourceKind])[] =>
  names.split(" ").map((name) => [name, value]);

/** By the absolute name of what is called. cyclic was measured: httpx 0.28, redis 8.1, sqlalchemy 2.1, boto3 1.44, sqlite3 of 3.11. */
export const RESOURCES: ReadonlyMap<string, ResourceKind> = new Map([
  ...named(FILE, "open io.open os.fdopen codecs.open bz2.open lzma.open pathlib.Path.open"),
  ...named(FILE, "tempfile.TemporaryFile tempfile.NamedTemporaryFile urllib.request.urlopen"),
  ...named(WRITTEN_FILE, "gzip.open"),
  ...named(ARCHIVE, "zipfile.ZipFile shelve.open dbm.open"),
  ...named(WRITTEN_ARCHIVE, "tarfile.open tarfile.TarFile.open"),
  ...named(DESCRIPTOR, "tempfile.mkstemp os.open os.dup os.memfd_create os.eventfd os.pidfd_open"),
  ...named(SOCKET, "socket.socket socket.create_connection socket.create_server"),
  ...named(CONNECTION, "psycopg2.connect psycopg.connect pymysql.connect MySQLdb.connect http.client.HTTPConnection"),
  ...named(CONNECTION, "http.client.HTTPSConnection ftplib.FTP smtplib.SMTP smtplib.SMTP_SSL imaplib.IMAP4_SSL"),
  ...named(CYCLIC_CONNECTION, "sqlite3.connect"),
  ...named(EXECUTOR, "concurrent.futures.ThreadPoolExecutor concurrent.futures.ProcessPoolExecutor"),
  ...named(EXECUTOR, "multiprocessing.Pool multiprocessing.pool.Pool multiprocessing.pool.ThreadPool"),
  ...named(SESSION, "requests.Session requests.session requests.sessions.Session aiohttp.ClientSession"),
  ...named(CYCLIC_CLIENT, "httpx.Client httpx.AsyncClient"),
  ...named(CLIENT, "openai.OpenAI openai.AsyncOpenAI anthropic.Anthropic anthropic.AsyncAnthropic"),
  ...named(CYCLIC_POOL, "redis.Redis redis.StrictRedis redis.from_url redis.asyncio.Redis redis.asyncio.from_url"),
  ...named(CYCLIC_POOL, "redis.Redis.from_url redis.asyncio.Redis.from_url redis.ConnectionPool"),
  ...named(CYCLIC_POOL, "boto3.client boto3.resource"),
  ...named(CLIENT, "pymongo.MongoClient motor.motor_asyncio.AsyncIOMotorClient elasticsearch.Elasticsearch"),
  ...named(CLIENT, "kafka.KafkaProducer kafka.KafkaConsumer pika.BlockingConnection urllib3.PoolManager"),
  ...named(CLIENT, "grpc.insecure_channel grpc.secure_channel grpc.aio.insecure_channel"),
  ...named(CLIENT, "google.cloud.storage.Client google.cloud.bigquery.Client"),
  ...named(
    ENGINE,
    "sqlalchemy.create_engine sqlalchemy.ext.asyncio.create_async_engine sqlalchemy.engine.create_engine",
  ),
]);

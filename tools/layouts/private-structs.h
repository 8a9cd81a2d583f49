/* Mirrors of structs that CPython declares inside a .c file (or a header it does not install), so that no #include
 * can reach them. Each cites its source. verify_layout.py proves every mirror in the running interpreter: its size
 * against __basicsize__, its dict and weaklist against __dictoffset__ and __weakrefoffset__, its other members
 * against planted values. A mirror is never trusted for a version in which that proof did not run. */

/* Modules/_collectionsmodule.c, 3.8 - 3.15. Free blocks moved from a static array into the object in 3.11. */
#define DEQUE_BLOCKLEN 64
typedef struct dw_deque_block {
    struct dw_deque_block *leftlink;
    PyObject *data[DEQUE_BLOCKLEN];
    struct dw_deque_block *rightlink;
} dw_deque_block;
typedef struct {
    PyObject_VAR_HEAD
    dw_deque_block *leftblock;
    dw_deque_block *rightblock;
    Py_ssize_t leftindex;
    Py_ssize_t rightindex;
    size_t state;
    Py_ssize_t maxlen;
#if PY_VERSION_HEX >= 0x030B0000
    Py_ssize_t numfreeblocks;
    dw_deque_block *freeblocks[16];
#endif
    PyObject *weakreflist;
} dw_deque;

/* Modules/_functoolsmodule.c, 3.8 - 3.15. kwd_mark and the element type joined the object in 3.10 (module state),
 * weakreflist in 3.9. The links are borrowed: the cache dict owns the elements. */
typedef struct dw_lru_link {
    PyObject_HEAD
    struct dw_lru_link *prev, *next;
    Py_hash_t hash;
    PyObject *key, *result;
} dw_lru_link;
typedef struct {
    dw_lru_link root;
    void *wrapper;
    int typed;
    PyObject *cache;
    Py_ssize_t hits;
    PyObject *func;
    Py_ssize_t maxsize;
    Py_ssize_t misses;
#if PY_VERSION_HEX >= 0x030A0000
    PyObject *kwd_mark;
    PyTypeObject *lru_list_elem_type;
#endif
    PyObject *cache_info_type;
    PyObject *dict;
#if PY_VERSION_HEX >= 0x03090000
    PyObject *weakreflist;
#endif
} dw_lru_cache;

/* Objects/odictobject.c, 3.8 - 3.15. Nodes are malloc'ed, and each owns its key once more. */
typedef struct dw_odict_node {
    PyObject *key;
    Py_hash_t hash;
    struct dw_odict_node *next;
    struct dw_odict_node *prev;
} dw_odict_node;
typedef struct {
    PyDictObject od_dict;
    dw_odict_node *od_first;
    dw_odict_node *od_last;
    dw_odict_node **od_fast_nodes;
    Py_ssize_t od_fast_nodes_size;
    void *od_resize_sentinel;
    size_t od_state;
    PyObject *od_inst_dict;
    PyObject *od_weakreflist;
} dw_odict;

/* Modules/itertoolsmodule.c, 3.8 - 3.15. cnt stands still at PY_SSIZE_T_MAX when the count goes on as an object. */
typedef struct {
    PyObject_HEAD
    Py_ssize_t cnt;
    PyObject *long_cnt;
    PyObject *long_step;
} dw_count;

/* Modules/arraymodule.c, 3.8 - 3.15. */
typedef struct {
    char typecode;
    int itemsize;
} dw_array_descriptor;
typedef struct {
    PyObject_VAR_HEAD
    char *ob_item;
    Py_ssize_t allocated;
    const dw_array_descriptor *ob_descr;
    PyObject *weakreflist;
    Py_ssize_t ob_exports;
} dw_array;

/* Modules/_io/bytesio.c, 3.8 - 3.15. */
typedef struct {
    PyObject_HEAD
    PyObject *buf;
    Py_ssize_t pos;
    Py_ssize_t string_size;
    PyObject *dict;
    PyObject *weakreflist;
    Py_ssize_t exports;
#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX >= 0x030E0000
    int buf_shared;
#endif
} dw_bytes_io;

/* Modules/_io/stringio.c, 3.8 - 3.15. The accumulator became a _PyUnicodeWriter, and the module state joined, in 3.12; the
 * writer became a pointer in 3.14. */
typedef struct {
    PyObject_HEAD
    Py_UCS4 *buf;
    Py_ssize_t pos;
    Py_ssize_t string_size;
    size_t buf_size;
    int state;
#if PY_VERSION_HEX >= 0x030E0000
    PyUnicodeWriter *writer;
#elif PY_VERSION_HEX >= 0x030C0000
    _PyUnicodeWriter writer;
#else
    struct { PyObject *large, *small; } accu;
#endif
    char ok;
    char closed;
    char readuniversal;
    char readtranslate;
    PyObject *decoder;
    PyObject *readnl;
    PyObject *writenl;
    PyObject *dict;
    PyObject *weakreflist;
#if PY_VERSION_HEX >= 0x030C0000
    void *module_state;
#endif
} dw_string_io;

/* Modules/_io/bufferedio.c, 3.8 - 3.15: BufferedReader, BufferedWriter and BufferedRandom. */
typedef struct {
    PyObject_HEAD
    PyObject *raw;
    int ok;
    int detached;
    int readable;
    int writable;
    char finalizing;
    int fast_closed_checks;
    off_t abs_pos;
    char *buffer;
    off_t pos;
    off_t raw_pos;
    off_t read_end;
    off_t write_pos;
    off_t write_end;
    PyThread_type_lock lock;
    volatile unsigned long owner;
    Py_ssize_t buffer_size;
    Py_ssize_t buffer_mask;
    PyObject *dict;
    PyObject *weakreflist;
} dw_buffered;

/* Objects/moduleobject.c, 3.8, 3.9; Include/internal/pycore_moduleobject.h from 3.10 on. */
#if PY_VERSION_HEX >= 0x030E0000
typedef PyModuleObject dw_module;
#else
typedef struct {
    PyObject_HEAD
    PyObject *md_dict;
    PyModuleDef *md_def;
    void *md_state;
    PyObject *md_weaklist;
    PyObject *md_name;
#ifdef Py_GIL_DISABLED
    void *md_gil;
#endif
} dw_module;
#endif

/* Modules/atexitmodule.c, 3.8 and 3.9: the state of the module `atexit`. From 3.10 on callbacks are in the interpreter's
 * state (pycore_interp.h, from 3.12 on pycore_atexit.h); one callback has looked the same ever since. */
typedef struct {
    PyObject *func;
    PyObject *args;
    PyObject *kwargs;
} dw_exit_callback;
typedef struct {
    dw_exit_callback **callbacks;
    int count;
    int callback_len;
} dw_exit_state;

/* Objects/dict-common.h, 3.8 - 3.10; Include/internal/pycore_dict.h from 3.11 on. */
#if PY_VERSION_HEX < 0x030B0000
typedef struct {
    Py_hash_t me_hash;
    PyObject *me_key;
    PyObject *me_value;
} dw_dict_entry;
typedef struct {
    Py_ssize_t dk_refcnt;
    Py_ssize_t dk_size;
    void *dk_lookup;
    Py_ssize_t dk_usable;
    Py_ssize_t dk_nentries;
    char dk_indices[];
} dw_dict_keys;
#else
typedef PyDictKeyEntry dw_dict_entry;
typedef PyDictKeysObject dw_dict_keys;
#endif

/* Objects/obmalloc.c, 3.8 - 3.11; Include/internal/pycore_obmalloc.h from 3.12 on. Arenas and pools grew fourfold with
 * the radix tree of 3.10. */
#if PY_VERSION_HEX < 0x030C0000
struct pool_header {
    union { unsigned char *_padding; unsigned int count; } ref;
    unsigned char *freeblock;
    struct pool_header *nextpool;
    struct pool_header *prevpool;
    unsigned int arenaindex;
    unsigned int szidx;
    unsigned int nextoffset;
    unsigned int maxnextoffset;
};
struct arena_object {
    uintptr_t address;
    unsigned char *pool_address;
    unsigned int nfreepools;
    unsigned int ntotalpools;
    struct pool_header *freepools;
    struct arena_object *nextarena;
    struct arena_object *prevarena;
};
#define ALIGNMENT 16
#if PY_VERSION_HEX >= 0x030A0000
#define ARENA_SIZE (1 << 20)
#define POOL_SIZE (1 << 14)
#else
#define ARENA_SIZE (256 << 10)
#define POOL_SIZE (4 << 10)
#endif
#endif

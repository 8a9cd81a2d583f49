// Names of parameters that say, by custom, that there are as many values as the program's text has definitions.

const FINITE_WORDS =
  /^(?:_*(?:cls|klass|clazz|class|class_|type|type_|typ|tp|typename|kind|model|model_class|mod|module|module_name|mapper|lang|language|lang_code|language_code|locale|locale_name|device|dtype|func|fn|fun|function|f|method|method_name|meth|callback|handler|hook|code|backend|dialect|engine_name|setting|settings|option|opt|attr|attrname|attribute|field|field_name|column|plugin|signum|sig|signal|signal_name|level|levelname|enum|factory|scheme|protocol|converter|codec_info|extension|ext|feature|flag|category|alias|app|app_label|exc_class|dist|distribution|package|package_name|service_name|region|region_name|fork|test|property|prop|generic|origin|interface|iface|component|implementation|registry|sender|transport|metadata|table|provider|provider_name|desc|label|executor|class_?path|class_?name|cls_name|component_name|url_pattern|permission)s?)$/i;

/** Addresses of the servers that a program is set up with. */
const SERVERS =
  /^(?:(?:db|database|redis|connection|api|base|broker|server|tracking|registry|store|jwks)_ur[il]|dsn|conn_id|connection_string)$/i;

/** `cls`, `type_`, `module`, `lang`, `func`: a definition or one of a short list. A custom, so it lowers and never raises. */
export function isFiniteName(name: string): boolean {
  return (
    FINITE_WORDS.test(name) ||
    SERVERS.test(name) ||
    /(?:types?|_cls|_class|_func|_fn|_module|_callback|_handler|_hook|_locale|_lang|_level|_class_?name|_class_?path)$/.test(
      name,
    )
  );
}

/** One for each user, request, input or job. What a program is set up with has such names, too, with a word before. */
const MANY_WORDS =
  /(?:^|_)(?:ids?|uuid|guid|uid|sid|pk|urls?|uri|href|links?|text|string|str|message|msg|query|sql|line|sentence|prompt|content|body|payload|email|mail|user|username|account|customer|order|session|token|request|req|timestamp|date|datetime|when|address|addr|ip|remote_addr|word|title|slug|ticket|hash|digest|checksum|guild|client|peer|recipient|sender_id|document|doc|article|product|expression|jidstring|secret|api_?key|access_?key|access_key_id|credentials?)$/i;
const SET_UP_WORDS =
  /(?:^|_)(?:ctx|context|timer|dataset|node|adapter|connector|integration|deployment|warehouse|cluster|host|endpoint|player|entity|sensor|provider|backend|plugin|shard|instance|region|zone|project|app|application|model|type|class|device|table|column|field|schema|template|module|server|database|db|engine|executor|kernel|core|config|flag|feature|rule|policy|component|category|parameter|param|state|status|command|cmd|queue|topic|stream|channel|pool|registry|index|thread|process|group|role|pipeline|workflow|dag|supplier|api|base|service|transactional|transaction|collector|handler|callback|func|function|event_type|message_type)_(?:ids?|uuid|uri|urls?|addr|address|str|string|hash)$/i;

/** Of what has such a name there are as many as a program is given. A custom, so it tells likely from possible only. */
export function isManyName(name: string): boolean {
  // A `client_id` is mostly the program's own, as other programs know it.
  const words = name.replaceAll(/([a-z])(?=[A-Z])/g, "$1_");
  return (
    MANY_WORDS.test(words) && !SET_UP_WORDS.test(words) && !/(?:^|_)client_ids?$/i.test(words) && !isFiniteName(name)
  );
}

/** Says only that it is a name: of a module or a lock as likely as of a user, and a title of a plot as likely as of an article. */
export function saysNothing(name: string): boolean {
  return /^(?:\w*_)?(?:name|key|version|title)$|^(?:full|dotted|mod|nick|short|q?ual)name$/.test(name);
}

/** Of a server or a site, by custom. */
export function isAddressName(name: string): boolean {
  return /(?:^|_)(?:ur[il]|href|addr|address|host|endpoint)$/.test(name);
}

/** Files of the program or of one run; only what comes from outside brings ever new ones. */
export function isPathName(name: string): boolean {
  return /(?:^|_)(?:path|paths|file|files|filename|dir|dirname|directory|folder|root)$/.test(name);
}

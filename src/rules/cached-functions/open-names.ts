// Names and types of parameters that say how many values there are. Customs, not laws: they rank, they never exclude.

import type { ParameterFact } from "../../python/facts.ts";
import { isAddressName, isFiniteName, isPathName } from "../growing-containers/finite-names.ts";

/** One of a list that the program or its platform has: a name of something defined. */
const FEW =
  /^_*(?:how|kind|what|mode|names?|pkg|package|packages|namespace|symbol|character|char|ch|expr|pattern|pat|regex|group|group_name|prefix|suffix|encoding|codec|import_path|dotted_path|path_name|urlconf|provider|format|fmt|mode|version|tz|tzname|zone|timezone|currency|unit|units|status|role|env|environment|msgid|msgid_or_symbol|key|keys|freq|axis|ndim|size|width|height|depth|dim|bits|arity|rank|indent|separator|sep|delimiter|default|verbose|strict|safe|required|args|kwargs|engine_kwargs|jit_kwargs|config|conf|style|theme|color|colour|template|template_name|alphabet|charset|state|action|verb|http_method|op|operator|tag|weekday|month|year|stage|namespace_|table_name|schema|database|db|alias_name|queue|topic|channel|bucket|stream|os_name|service|arch|platform|compiler)$/i;

/** As many as there are users, files, inputs. */
const MANY =
  /(?:^|_)(?:ids?|uuid|guid|pk|url|urls|uri|href|link\d?|filename|filepath|file|path|text|message|msg|query|sql|line|lines|content|body|payload|data|email|mail|username|user|account|customer|order|session|token|request|req|timestamp|date|day|datetime|time|dt|vmin|vmax|address|addr|hostname|host|ip|word|sentence|prompt|title|slug|ticket|hash|digest|checksum|lat|lon|latitude|longitude|amount|price|number|n|x|y|start|end|offset|location|article|product|document|doc|coords?)$/i;

/** Whatever the parameter is called. */
const SURELY_MANY_TYPES =
  /(?:^|[^\w.])(?:float|datetime\.(?:date|datetime|time|timedelta)|uuid\.UUID|decimal\.Decimal|fractions\.Fraction|yarl\.URL)(?:$|[^\w.])/;

/** Of texts there are many, too, but most that are cached by are names of something. */
const MANY_TYPES = /(?:^|[^\w.])(?:int|bytes|complex|ipaddress\.\w+|pathlib\.\w+)(?:$|[^\w.])/;

/** By its type or name alone: numbers, paths and addresses may as well be the few that a program has. */
export function isSurelyMany({ name, annotation = "" }: ParameterFact): boolean {
  if (SURELY_MANY_TYPES.test(annotation)) return true;
  return MANY.test(name) && !isPathName(name) && !isAddressName(name) && !/(?:order|hostname)$/.test(name);
}

/** many: likely one value per input. few: a list that somebody wrote. Null: the name says nothing. */
export function customOf({ name, annotation = "" }: ParameterFact): "many" | "few" | null {
  if (SURELY_MANY_TYPES.test(annotation)) return "many";
  if (FEW.test(name) || isFiniteName(name)) return "few";
  return MANY.test(name) || MANY_TYPES.test(annotation) ? "many" : null;
}

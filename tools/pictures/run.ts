// Makes the pictures of docs/images: examples/governed/prices.py runs, the built tool serves the page, a browser looks at it.
// npx tsx tools/pictures/run.ts [WORD...]   (after npm run build): those whose name has one of the words. Two minutes and a half for all.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HAS_BROWSER } from "../../test/page/open-page.ts";
import { palettePng } from "./palette-png.ts";
import { SCENES } from "./scenes.ts";
import { openStudio } from "./studio.ts";

const FOLDER = join(import.meta.dirname, "../../docs/images");
/** tools/check-docs.ts refuses larger ones. */
const MOST_BYTES = 80_000;
const PALETTES = [256, 128, 64, 32] as const;

function smallEnough(png: Buffer): Buffer {
  for (const colours of PALETTES) {
    const small = palettePng(png, colours);
    if (small.length <= MOST_BYTES) return small;
  }
  throw new Error(`a picture has more than ${MOST_BYTES} bytes in ${PALETTES.at(-1)} colours, too`);
}

async function main(words: readonly string[]): Promise<void> {
  if (!HAS_BROWSER) throw new Error("there is no Chromium here");
  const chosen = SCENES.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  if (chosen.length === 0)
    throw new Error(`no picture has one of the words; there are ${SCENES.map(({ name }) => name).join(", ")}`);
  mkdirSync(FOLDER, { recursive: true });
  await using studio = await openStudio();
  for (const { name, size, show } of chosen) {
    await studio.open.page.setViewportSize(size);
    await show(studio);
    const png = smallEnough(await studio.open.page.screenshot());
    writeFileSync(join(FOLDER, `${name}.png`), png);
    console.log(`${name}.png: ${png.length} bytes`);
  }
  if (studio.open.complaints.length > 0)
    throw new Error(`the browser complained: ${studio.open.complaints.join("; ")}`);
}

await main(process.argv.slice(2));

// Where the page begins.

import { render } from "preact";
import { openSession } from "./api/open-session.ts";
import { App } from "./app.tsx";
import { createStore } from "./store/store.ts";

const store = createStore();
if (!(await openSession(store.api))) store.setStranger();
const place = document.getElementById("page");
if (place !== null) render(<App store={store} />, place);

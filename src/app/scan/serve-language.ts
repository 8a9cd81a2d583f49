// `deadweight lsp`: the findings of a workspace in an editor, over stdin and stdout.

import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { codeActionsAt } from "./language-actions.ts";
import { diagnosticOf } from "./language-diagnostics.ts";
import { hoverAt } from "./language-hover.ts";
import { type LanguageSession, openLanguageSession } from "./language-session.ts";

/** Keys are typed faster than this; a scan in between would be thrown away. */
const QUIET_MS = 250;

/** Resolves when the editor has closed the connection. */
export async function serveLanguage(toolVersion: string): Promise<void> {
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(process.stdin),
    new StreamMessageWriter(process.stdout),
  );
  const closed = new Promise<void>((resolve) => {
    connection.onExit(() => resolve());
    process.stdin.on("end", () => resolve());
  });
  new LanguageService(connection, toolVersion).listen();
  await closed;
}

class LanguageService {
  readonly #connection: Connection;
  readonly #toolVersion: string;
  readonly #documents = new TextDocuments(TextDocument);
  #session: LanguageSession | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Scans run one after the other; one that is asked for meanwhile follows. */
  #running: Promise<void> = Promise.resolve();
  /** Files whose findings the editor shows. */
  #shown: ReadonlySet<string> = new Set();
  /** What is wrong with the settings, as the editor was told. */
  #told: string | null = null;
  #canWatch = false;

  constructor(connection: Connection, toolVersion: string) {
    this.#connection = connection;
    this.#toolVersion = toolVersion;
  }

  listen(): void {
    this.#connection.onInitialize((params) => this.#initialize(params));
    this.#connection.onInitialized(() => {
      this.#watch();
      this.#scheduleNow();
    });
    this.#connection.onShutdown(() => this.#stop());
    this.#connection.onDidChangeWatchedFiles(() => this.#schedule());
    this.#documents.onDidChangeContent(() => this.#schedule());
    this.#documents.onDidClose(() => this.#schedule());
    this.#connection.onHover(async ({ textDocument, position }) => {
      await this.#running;
      return this.#session === null ? null : hoverAt(this.#session, textDocument.uri, position);
    });
    this.#connection.onCodeAction(async ({ textDocument, range }) => {
      await this.#running;
      const text = this.#documents.get(textDocument.uri);
      return this.#session === null || text === undefined ? [] : codeActionsAt(this.#session, text, range);
    });
    this.#documents.listen(this.#connection);
    this.#connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    const [folder] = params.workspaceFolders ?? [];
    this.#session = openLanguageSession(folder?.uri ?? null, this.#toolVersion);
    this.#canWatch = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return {
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        hoverProvider: true,
        codeActionProvider: { codeActionKinds: ["quickfix"] },
      },
      serverInfo: { name: "deadweight", version: this.#toolVersion },
    };
  }

  /** Editors tell of changes on the disk only to those who ask. */
  #watch(): void {
    if (!this.#canWatch) return;
    const watchers = ["**/*.{py,pyi,pyx,pxd,pxi,c,h,cpp,cc,ipynb}", "**/{pyproject,deadweight}.toml"].map(
      (globPattern) => ({ globPattern }),
    );
    this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined);
  }

  /** Once, not with every key. */
  #tell(fault: string | null): void {
    if (fault !== null && fault !== this.#told) this.#showError(`deadweight: ${fault}.`);
    this.#told = fault;
  }

  /** Not a request with buttons, which an editor would have to answer. */
  #showError(message: string): void {
    const params = { type: MessageType.Error, message };
    this.#connection.sendNotification(ShowMessageNotification.method, params).catch(() => undefined);
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#scheduleNow(), QUIET_MS);
  }

  #scheduleNow(): void {
    this.#timer = null;
    this.#running = this.#running.then(() => this.#scan());
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #scan(): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    const texts = new Map(this.#documents.all().map((each) => [each.uri, each.getText()]));
    try {
      const scanned = await session.scan(texts);
      this.#tell(scanned.ok ? null : scanned.error);
      // What is shown stays until the settings can be read again.
      if (!scanned.ok) return;
      const findings = scanned.value;
      for (const [uri, own] of findings)
        await this.#connection.sendDiagnostics({
          uri,
          diagnostics: own.map((each) => diagnosticOf(each, session.uriOf)),
        });
      for (const uri of this.#shown)
        if (!findings.has(uri)) await this.#connection.sendDiagnostics({ uri, diagnostics: [] });
      this.#shown = new Set(findings.keys());
    } catch (error) {
      // The editor goes on without findings; the next change tries again.
      this.#connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
}

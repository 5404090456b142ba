/** What fills the page, again and again. */
export interface View {
  readonly root: HTMLElement;
  /** Asks the server, and shows what it says. */
  update(): Promise<void>;
}

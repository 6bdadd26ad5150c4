// What an app is made of.

/** A page. A widget's property may be a function, which is called again whenever something may have changed. */
export interface Page {
  title: string;
  /** What stands above the widgets; default: the title. */
  heading?: string | (() => string);
  testid?: string;
  isHome?: boolean;
  /** Reachable by its address, but not offered by the app's own menu. */
  isHidden?: boolean;
  /** False, or a promise of it, when the page must not be shown. */
  onPageLoad?: () => unknown;
  widgets: Widget[];
}

/** A widget, by its kind; what else it has is the kind's. */
export interface Widget {
  type: string;
  testid?: string;
  isVisible?: () => boolean;
  [property: string]: any;
}

/** A named input, as code of the app sees it. */
export interface Input {
  readonly text: string;
  setValue(value: string): void;
  setFocus(): void;
}

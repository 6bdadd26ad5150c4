// The theme of the site: VitePress's own with the system's fonts, in the colours of the playground.
import theme from "vitepress/theme-without-fonts";
import "./site.css";

export default theme;

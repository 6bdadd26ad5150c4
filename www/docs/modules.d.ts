// Of what only the folder has that set-up installs for the documents.
declare module "vitepress/theme-without-fonts" {
  const theme: object;
  export default theme;
}

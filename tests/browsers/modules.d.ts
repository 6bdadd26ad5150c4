// The types of selenium-webdriver know this file by its folder alone, by which Node does not find it.
declare module "selenium-webdriver/http/index.js" {
  export * from "selenium-webdriver/http";
}

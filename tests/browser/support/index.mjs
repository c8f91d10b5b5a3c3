// What the browser tests share.
export { CLI, DIST, fixture, fixturePath, schemaward } from "../../support/project.mjs";

const port = (name, otherwise) => Number(process.env[name] || otherwise);

/** The port the built page is served at. */
export const PAGE_PORT = port("SCHEMAWARD_PAGE_PORT", 4173);

/** The port the pages that embed it are served at. */
export const HOST_PORT = port("SCHEMAWARD_HOST_PORT", 4174);

/** The origin of the built page, with a closing slash. */
export const PAGE = `http://127.0.0.1:${PAGE_PORT}/`;

/** A second origin, with a closing slash: `support/host` is served there. */
export const HOST = `http://127.0.0.1:${HOST_PORT}/`;

/**
 * The address of a page on the second origin that shows `frame`, an address of the first, in an
 * iframe `#frame`. It keeps the messages the frame posts in `window.messages`, and gives the frame
 * the height that a message with a number `height` asks for.
 */
export function hostPage(frame) {
  return `${HOST}embed.html?frame=${encodeURIComponent(frame)}`;
}

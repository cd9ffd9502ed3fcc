/** How users name scenarios, methods, engines and figures: files and folders are called by these names. */
export const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The same for people. */
export const kebabCaseInWords = 'small letters, digits, and - between them';

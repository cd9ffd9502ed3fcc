/** Shown only after a moment (see style.css), so that what comes at once does not flicker. */
export const Loading = ({ what }: { what: string }) => (
  <p class="loading" role="status">
    Loading {what} …
  </p>
);

/** What JSX becomes in the bundle; see esbuild.mjs. */
export { Fragment, h } from 'preact';

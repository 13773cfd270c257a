// The view as one ES module for anywidget and plain pages; the lab extension bundles the same sources with Rspack.
import { readFile } from 'node:fs/promises';
import * as esbuild from 'esbuild';

/** Style sheets are template strings in modules of their own: they are made small like everything else. */
const styles = {
  name: 'styles',
  setup(build) {
    build.onLoad({ filter: /src\/view\/style\/\w+\.ts$/ }, async ({ path }) => {
      if (path.endsWith('index.ts')) {
        return undefined;
      }
      const [before, css, after] = (await readFile(path, 'utf8')).split('`');
      const { code } = await esbuild.transform(css, { loader: 'css', minify: true, charset: 'utf8', target: 'chrome120' });
      return { contents: `${before}\`${code.replaceAll('\\', '\\\\')}\`${after}`, loader: 'ts' };
    });
  }
};

await esbuild.build({
  entryPoints: { run: 'src/carriers/module.ts' },
  outdir: '../jupyter_aml/widgets/static',
  bundle: true,
  format: 'esm',
  target: ['es2022'],
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  // elements by `h(…)`, which is shorter than what the automatic runtime writes for each of them
  tsconfigRaw: {},
  jsx: 'transform',
  jsxFactory: 'h',
  jsxFragment: 'Fragment',
  inject: ['src/view/jsx.ts'],
  plugins: [styles],
  logLevel: 'warning'
});

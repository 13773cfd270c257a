// How the view is written, held: what typescript-eslint finds with the types at hand, and the rules of hooks.
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(tseslint.configs.strictTypeChecked, {
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  plugins: { 'react-hooks': hooks },
  rules: {
    'react-hooks/rules-of-hooks': 'error',
    'react-hooks/exhaustive-deps': 'error',
    // a number in a text is what it looks like
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    // `onClick={() => set(1)}` says what it does; nobody looks at what it returns
    '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    // functions among props are written as methods, and none of them knows a `this`
    '@typescript-eslint/unbound-method': 'off',
    // what comes from Python gets its type where it is read
    '@typescript-eslint/no-unnecessary-type-parameters': 'off'
  }
}, {
  files: ['src/protocol.ts'], // written by Python, from its own types
  rules: { '@typescript-eslint/no-redundant-type-constituents': 'off' }
});

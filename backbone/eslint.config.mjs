import tseslint from 'typescript-eslint';
import { houseRules } from '../eslint.base.mjs';
import { fences } from './eslint.fences.ts';

export default tseslint.config(
  ...houseRules,
  {
    files: ['**/*.ts'],
    plugins: { fences },
    rules: { 'fences/imports': 'error', 'fences/globals': 'error' },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off', 'no-console': 'off' },
  },
);

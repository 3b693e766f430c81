import tseslint from 'typescript-eslint';
import { houseRules } from '../eslint.base.mjs';

export default tseslint.config(...houseRules, {
  files: ['**/*.mjs'],
  extends: [tseslint.configs.disableTypeChecked],
  rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
});

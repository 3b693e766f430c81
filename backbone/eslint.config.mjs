import tseslint from 'typescript-eslint';
import { houseRules } from '../eslint.base.mjs';

export default tseslint.config(...houseRules, {
  files: ['**/*.mjs'],
  ...tseslint.configs.disableTypeChecked,
});

import { t } from '../../words';

const labels: Record<string, () => string> = {
  given_name: () => t('form-given-name'),
  family_name: () => t('form-family-name'),
  known_as: () => t('form-known-as'),
  birth_date: () => t('form-birth-date'),
  due_date: () => t('form-due-date'),
  phone: () => t('form-phone'),
  email: () => t('form-email'),
  nhs_number: () => t('form-nhs-number'),
  language: () => t('form-language'),
  allergies: () => t('form-allergies'),
  address: () => t('form-address'),
  postcode: () => t('form-postcode'),
  note: () => t('form-note'),
  sign_in_to: () => t('register-sign-in'),
  notice: () => t('register-notice'),
  adults: () => t('register-adults'),
  children: () => t('register-children'),
};

/** How the summary names a field: "Child 2, birth date". */
export function formLabel(field: string): string | null {
  const [first = '', number, last] = field.split('.');
  const label = labels[last ?? first]?.() ?? null;
  if (label === null || last === undefined) return label;
  const count = Number(number) + 1;
  const person = first === 'adults' ? t('register-adult-number', { number: count }) : t('register-child-number', { number: count });
  return `${person}, ${label.toLowerCase()}`;
}

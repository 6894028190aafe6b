import { describe, expect, it } from 'vitest';
import type { FamilyView, MemberView, PermissionView } from '../../api';
import { canWithdraw, formOf, formsOf, permissionsOf, purposes, readChannel, somebodyElse, whoAsks, withdrawers, withdrawnChannels, withdrawProblems } from './permissions';

const permission = (more: Partial<PermissionView> = {}): PermissionView => ({
  purpose: 'publicity_picture', state: 'some', granted: ['press', 'print'], refused: [], decided_on: null, decided_by: null, decisions: ['d'], ...more,
});
const member = (person: string, more: Partial<MemberView> = {}) => ({ person, kind: 'adult', role: 'parent_carer', age: null, permissions: [], ...more }) as unknown as MemberView;

describe('permissions', () => {
  it('stand in one order', () => {
    const sorted = permissionsOf(member('a', { permissions: [permission({ purpose: 'research_contact' }), permission()] }));
    expect(sorted.map(({ purpose }) => purpose)).toEqual(['publicity_picture', 'research_contact']);
  });
  it('can be withdrawn where something was granted', () => {
    expect(canWithdraw(permission())).toBe(true);
    expect(canWithdraw(permission({ granted: [] }))).toBe(false);
    expect(canWithdraw(permission({ decisions: [] }))).toBe(false);
  });
  it('are taken back by an adult of the family, the person themself first', () => {
    const gran = member('gran', { role: 'emergency_contact' });
    const family = { members: [member('dad'), member('mum'), member('leo', { kind: 'child' }), gran] } as unknown as FamilyView;
    expect(withdrawers(family, member('mum')).map(({ person }) => person)).toEqual(['mum', 'dad']);
    expect(withdrawers(family, gran).map(({ person }) => person)).toEqual(['gran', 'dad', 'mum']);
    expect(withdrawers(family, member('leo', { kind: 'child' })).map(({ person }) => person)).toEqual(['dad', 'mum']);
  });
  it('are taken back by a young person themself', () => {
    const nele = (years: number) => member('nele', { kind: 'child', age: { years, months: 0 } });
    const who = (years: number) => withdrawers({ members: [member('mum'), nele(years)] } as unknown as FamilyView, nele(years)).map(({ person }) => person);
    expect([who(14), who(9)]).toEqual([['nele', 'mum'], ['mum']]);
  });
});

describe('what is kept', () => {
  it('is pictures, words or neither', () => {
    expect(purposes.map(formOf)).toEqual(['picture', 'words', 'picture', null, null]);
  });
  it('is both where it is not one', () => {
    expect(formsOf([])).toBeNull();
    expect(formsOf(['news_and_events'])).toBeNull();
    expect(formsOf(['development_record', 'news_and_events', 'publicity_picture'])).toBe('picture');
    expect(formsOf(['research_contact', 'publicity_quote'])).toBe('words');
    expect(formsOf(['publicity_quote', 'development_record'])).toBe('both');
  });
});

describe('channels', () => {
  it('are read with the name of a partner or a medium', () => {
    expect(readChannel('centre_display')).toEqual({ kind: 'centre_display', name: null });
    expect(readChannel('social_media:facebook')).toEqual({ kind: 'social_media', name: 'Facebook' });
    expect(readChannel('partner:home-start')).toEqual({ kind: 'partner', name: 'Home start' });
  });
});

describe('a withdrawal', () => {
  const form = { by: 'mum', how: 'in_person', extent: 'some', channels: ['press'] } as const;
  it('says who, how and how far', () => {
    expect(withdrawProblems({ by: null, how: null, extent: null, channels: [] })).toEqual(['how', 'by', 'extent']);
    expect(withdrawProblems({ ...form, channels: [] })).toEqual(['channels']);
    expect(withdrawProblems(form)).toEqual([]);
  });
  it('comes from somebody who is known, unless it is only reported', () => {
    expect([whoAsks(null, null), whoAsks('mum', 'in_person'), whoAsks('mum', 'reported')]).toEqual([null, 'mum', 'mum']);
    expect([whoAsks(null, 'reported'), whoAsks(somebodyElse, 'reported')]).toEqual([somebodyElse, somebodyElse]);
    expect(whoAsks(somebodyElse, 'identity_checked')).toBeNull();
  });
  it('names the channels only when some stay', () => {
    expect(withdrawnChannels(form, permission())).toEqual(['press']);
    expect(withdrawnChannels({ ...form, channels: ['print', 'press'] }, permission())).toBeNull();
    expect(withdrawnChannels({ ...form, extent: 'all' }, permission())).toBeNull();
  });
});

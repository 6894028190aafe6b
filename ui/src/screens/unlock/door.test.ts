import { beforeEach, expect, test, vi } from 'vitest';
import { Refusal, type StatusView } from '../../api';
import { status } from '../../shell/status.svelte';
import { Door } from './door.svelte';

const call = vi.hoisted(() => vi.fn());
vi.mock('../../api', async (original) => ({ ...(await original<typeof import('../../api')>()), call }));

const locked = (pin: boolean): StatusView => ({ state: 'locked', pin }) as StatusView;

function door(pin: boolean): Door {
  status.view = locked(pin);
  return new Door(() => status.view ?? locked(false));
}

beforeEach(() => {
  call.mockReset().mockResolvedValue({ state: 'open', pin: true });
});

test('the PIN comes first, and the password is one turn away', async () => {
  const shut = door(true);
  expect(shut.byPin).toBe(true);
  await shut.open('2580');
  expect(call).toHaveBeenLastCalledWith('unlock_with_pin', { pin: '2580' });
  shut.turn();
  expect(shut.byPin).toBe(false);
  await shut.open('larch umbrella tuesday');
  expect(call).toHaveBeenLastCalledWith('unlock', { password: 'larch umbrella tuesday' });
  shut.turn();
  expect(shut.byPin).toBe(true);
});

test('without a PIN there is only the password', async () => {
  const shut = door(false);
  shut.turn();
  expect(shut.byPin).toBe(false);
  expect(shut.pinGone).toBe(false);
  await shut.open('larch umbrella tuesday');
  expect(call).toHaveBeenCalledWith('unlock', { password: 'larch umbrella tuesday' });
});

test('the fifth wrong PIN leads to the password and says why', async () => {
  const shut = door(true);
  call.mockImplementation((name: string) => (name === 'status' ? Promise.resolve(locked(false)) : Promise.reject(new Refusal('pin_gone'))));
  await expect(shut.open('2581')).rejects.toThrow();
  expect(shut.byPin).toBe(false);
  expect(shut.pinGone).toBe(true);
});

test('a wrong PIN before that asks for the PIN again', async () => {
  const shut = door(true);
  call.mockRejectedValue(new Refusal('wrong_pin'));
  await expect(shut.open('2581')).rejects.toThrow();
  expect(shut.byPin).toBe(true);
  expect(call).toHaveBeenCalledTimes(1);
});

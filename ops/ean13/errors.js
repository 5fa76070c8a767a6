// In place of ts-custom-error, which only old engines want.
export class CustomError extends Error {}

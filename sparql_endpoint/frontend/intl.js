/* QuickJS has no Intl (ECMA-402). Plot makes formatters when it is loaded; the server writes all
   numbers and days of a picture itself, so that these are never seen. */

globalThis.Intl ??= {
  NumberFormat: class {
    format(number) {
      return String(number);
    }
  },
  DateTimeFormat: class {
    format(day) {
      return day.toISOString();
    }
  },
};

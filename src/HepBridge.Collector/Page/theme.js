// Runs before the page is drawn, so that a chosen theme never flashes the other one first.
(() => {
  const names = ['auto', 'light', 'dark'];
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('theme') || 'auto';
  } catch {
    // Storage may be switched off: then the choice lasts as long as the page.
    chosen = 'auto';
  }
  const apply = () => {
    document.documentElement.dataset.theme = chosen;
    const button = document.getElementById('theme');
    if (button) {
      button.textContent = `Theme: ${chosen}`;
    }
  };
  apply();
  addEventListener('DOMContentLoaded', () => {
    apply();
    document.getElementById('theme').addEventListener('click', () => {
      chosen = names[(names.indexOf(chosen) + 1) % names.length];
      try {
        localStorage.setItem('theme', chosen);
      } catch {
        // As above.
      }
      apply();
    });
  });
})();

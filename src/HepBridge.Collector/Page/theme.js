// Runs before the page is drawn, so that the other theme never flashes first.
(() => {
  const names = ['auto', 'light', 'dark'];
  let chosen = 'auto';
  try {
    chosen = localStorage.getItem('theme') || 'auto';
  } catch {
    // Storage may be disabled: then the choice lasts until the page is closed.
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

// The filter and the keys of pages of routes; without it the whole page is there to read.
'use strict'
{
  const all = (selector) => [...document.querySelectorAll(selector)]
  const filter = document.getElementById('filter')
  const status = document.getElementById('status')
  const nothing = document.getElementById('nothing')
  const facets = all('[data-facet]')
  const branches = all('details.branch')
  const sections = all('main > section')
  const rows = all('.row').map((element) => ({
    element,
    text: `${element.closest('section').dataset.name} ${element.textContent}`.toLowerCase(),
    // What is empty without its rows: the branches above it and its section.
    above: element.closest('details.branch'),
    section: element.closest('section')
  }))
  const parents = new Map(branches.map((branch) => [branch, branch.parentElement.closest('details.branch')]))
  const isFilterable = new Set(rows.map((row) => row.section))
  let isPlain = true

  const apply = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter((word) => word !== '')
    const wanted = facets.filter((facet) => facet.ariaPressed === 'true').map((facet) => facet.dataset.facet)
    const isIdle = words.length === 0 && wanted.length === 0
    if (isIdle && isPlain) return
    isPlain = isIdle
    const full = new Set()
    const alive = new Set()
    let count = 0
    for (const { element, text, above, section } of rows) {
      const shows = wanted.every((name) => element.classList.contains(name)) && words.every((word) => text.includes(word))
      if (element.hidden === shows) element.hidden = !shows
      if (!shows) continue
      count += 1
      alive.add(section)
      for (let branch = above; branch && !full.has(branch); branch = parents.get(branch)) full.add(branch)
    }
    for (const branch of branches) {
      branch.hidden = !full.has(branch)
      if (!isIdle && full.has(branch)) branch.open = true
    }
    for (const section of sections) section.hidden = !isIdle && !(isFilterable.has(section) && alive.has(section))
    nothing.hidden = count > 0 || isIdle
    status.textContent = isIdle ? '' : `${count} of ${rows.length}`
  }

  let isAsked = false
  const ask = () => {
    if (isAsked) return
    isAsked = true
    requestAnimationFrame(() => {
      isAsked = false
      apply()
    })
  }

  const clear = () => {
    filter.value = ''
    for (const facet of facets) facet.ariaPressed = 'false'
    apply()
  }

  filter.addEventListener('input', ask)
  for (const facet of facets) {
    facet.addEventListener('click', () => {
      facet.ariaPressed = facet.ariaPressed === 'true' ? 'false' : 'true'
      ask()
    })
  }
  for (const button of all('[data-open]')) {
    button.addEventListener('click', () => {
      for (const branch of branches) branch.open = button.dataset.open === 'true'
    })
  }

  // Branches and routes in the order of the page; the arrows go from one that can be seen to the next.
  const stops = all('.tree summary, .row > .line')
  const places = new Map(stops.map((stop, place) => [stop, place]))
  const step = (place, direction) => {
    for (let next = place; next >= 0 && next < stops.length; next += direction) {
      if (stops[next].checkVisibility()) {
        stops[next].focus()
        return
      }
    }
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.target
    const isTyping = target === filter
    const stop = target.closest ? target.closest('.tree summary, .row > .line') : null
    const place = places.get(stop)
    switch (event.key) {
      case '/':
        if (isTyping) return
        filter.focus()
        filter.select()
        break
      case 'Escape':
        clear()
        filter.blur()
        break
      case 'ArrowDown':
        if (place === undefined && !isTyping) return
        step(place === undefined ? 0 : place + 1, 1)
        break
      case 'ArrowUp':
        if (place === undefined) return
        step(place - 1, -1)
        break
      case 'Home':
        if (place === undefined) return
        step(0, 1)
        break
      case 'End':
        if (place === undefined) return
        step(stops.length - 1, -1)
        break
      case 'ArrowRight':
        if (place === undefined || stop.localName !== 'summary') return
        stop.parentElement.open = true
        break
      case 'ArrowLeft': {
        if (place === undefined) return
        const branch = stop.closest('details.branch')
        if (stop.localName === 'summary' && branch.open) {
          branch.open = false
        } else {
          const above = (stop.localName === 'summary' ? branch.parentElement : stop).closest('details.branch')
          if (above) above.firstElementChild.focus()
        }
        break
      }
      default:
        return
    }
    event.preventDefault()
  })

  let closed = []
  window.addEventListener('beforeprint', () => {
    closed = branches.filter((branch) => !branch.open)
    for (const branch of closed) branch.open = true
  })
  window.addEventListener('afterprint', () => {
    for (const branch of closed) branch.open = false
  })
  // A link to a route opens what it stands in.
  window.addEventListener('hashchange', () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    for (let branch = target?.closest('details'); branch; branch = branch.parentElement.closest('details')) {
      branch.open = true
    }
    target?.scrollIntoView({ block: 'center' })
  })
  for (const element of all('[data-script]')) element.hidden = false
}

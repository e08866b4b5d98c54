/**
 * Where a product belongs, by words of its name: the first rule that fits decides, so what a thing is for (Christmas,
 * jewellery, a lunch bag) comes before what it is made of or looks like. Words match in the singular and the plural.
 */
const rules: readonly (readonly [category: string, words: string])[] = [
  [
    'Christmas/Decorations',
    'christmas|advent|bauble|santa|snowman|snowmen|reindeer|yuletide|tinsel|jingle|nativity|mistletoe|rudolph|icicle|snowflake|xmas|stocking filler|feather tree|flock droplet|flock ball',
  ],
  ['Stationery/Cards & Wrap', 'wrap|greeting card|birthday card|gift wrap|invite'],
  ['Bags & Travel/Keyrings', 'keyring|key ring|key fob|key chain|keychain'],
  ['Home/Doormats & Doorstops', 'doormat|doorstop|door stop'],
  ['Home/Cushions & Throws', 'hot water bottle|cushion|cushion cover'],
  ['Home/Signs & Plaques', 'metal sign|metalsign|stopmetal|door sign|doorsign|number tile|kitchen sign'],
  ['Kitchen/Tea Towels & Cloths', 'oven glove|washing up glove|oven mitt|tea towel'],
  ['Kitchen/Plates & Bowls', 'napkin ring|napkin charm'],
  ['Garden/Garden Tools & Pots', 'garden glove|kneeling'],
  ['Easter/Decorations', 'easter|egg hunt|paper egg|chick|bunny|bunnies'],
  ['Bags & Travel/Lunch Bags', 'lunch bag|lunch box|lunchbox|snack box|bento'],
  [
    'Bags & Travel/Shopping & Tote Bags',
    'jumbo bag|shopper|tote|shopping bag|jumbo|recycling bag|charlotte bag|storage bag|beach bag|pocket bag|cabin bag|hand bag|kids bag',
  ],
  [
    'Bags & Travel/Handbags & Purses',
    'handbag|purse|wallet|evening bag|shoulder bag|bag charm|clutch|coin|picnic bag|drawstring bag|airline bag|bum bag|weekend bag|doctor bag|messenger bag',
  ],
  [
    'Bags & Travel/Travel',
    'luggage|passport|travel|umbrella|suitcase|sewing kit|eye mask|parasol|glasses case|sunglasses|washbag|wash bag|toilet bag|cosmetic bag|make up bag|makeup',
  ],
  ['Jewellery & Accessories/Necklaces', 'necklace|pendant|choker|neckl'],
  ['Jewellery & Accessories/Bracelets & Rings', 'bracelet|bangle|ring|anklet|charm|boudicca'],
  [
    'Jewellery & Accessories/Earrings & Brooches',
    'earring|brooch|hair|tiara|comb|headband|hairband|hairclip|clip|scarf|shawl|ear muff|gem|bow|fan|hat|sunhat|watch|belt|glove|slipper|sock',
  ],
  [
    'Party/Bunting & Balloons',
    'bunting|balloon|streamer|confetti|party bag|party cone|party hat|pinata|birthday banner|honeycomb|pompom|pom pom|disco ball|mirror ball|leis|whistle|blower|party popper|festoon',
  ],
  [
    'Party/Paper Tableware',
    'paper plate|paper cup|napkin|straw|doily|doilies|doiley|paper cup|party pizza|paper table|paper bowl|cocktail|picnic|swizzle|cupcake pick',
  ],
  [
    'Party/Cake & Baking Cases',
    'cake case|baking case|petit four|fairy cake case|muffin case|cake candle|party candle|cake decoration|cake topper|cake flag|cases',
  ],
  [
    'Stationery/Cards & Wrap',
    'card|wrap|gift bag|gift tag|gift tape|gift box|ribbon|envelope|gift|tag|postcard|valentine|tissue paper|cracker',
  ],
  [
    'Garden/Garden Tools & Pots',
    'garden|plant|planter|flower pot|flowerpot|herb|seed|watering can|trowel|rake|secateur|bird feeder|birdhouse|bird house|nest box|birdhouse|bird bath|gnome|windmill|wheelbarrow|hammock|bird table|sow|greenhouse|potting|bucket|window box|fertilizer|weather|twine|outdoor|wind chime|windchime|parasol|deck chair|solar|thermometer|nesting box|cloche|grow|insect|butterfly net',
  ],
  [
    'Lighting/Tealights & Holders',
    'tealight|t light|candleholder|candle holder|candlestick|candlepot|candelabra|votive|hurricane|candle pot|candle plate|candle ring|candle stand',
  ],
  [
    'Lighting/Candles & Scents',
    'candle|incense|scent|fragrance|oil burner|pot pourri|potpourri|pot pouri|wick|essential|diffuser|perfume|joss|sachet|lavender|balm|matches',
  ],
  [
    'Lighting/Lamps & Lanterns',
    'lamp|lampshade|lantern|light|chandelier|torch|led|bulb|sunjar|luminaire|shade',
  ],
  [
    'Kitchen/Mugs & Cups',
    'mug|cup|saucer|teacup|beaker|tumbler|goblet|wine glass|champagne|shot glass|glass tumbler|tankard|egg cup|stein|flute|dof|d.o.f|bottle opener|corkscrew|bar set|hip flask|flask|carafe|decanter|sundae|milkshake',
  ],
  [
    'Kitchen/Tea & Coffee',
    'teapot|tea pot|tea for one|tea cosy|cosy|cafetiere|coffee|tea strainer|infuser|milk jug|sugar bowl|sugar|creamer|kettle|tea set|teatime|tea time|tea caddy|tea spoon|teaspoon|tea plate|tea coffee',
  ],
  [
    'Kitchen/Cake Stands & Baking',
    'cake stand|cakestand|cake tin|cake plate|cake dome|baking|rolling pin|cookie|biscuit|cutter|mixing|measure|measuring|mould|jelly|whisk|apron|oven|recipe|scale|timer|pantry|spatula|pastry|sieve|muffin|icing|cake|pudding|flan|pie',
  ],
  [
    'Kitchen/Plates & Bowls',
    'plate|bowl|dish|platter|tray|placemat|place mat|coaster|trivet|plates|ramekin|tureen|side plate|tea tray|table mat|place setting|butter|cruet|salt|pepper|egg|jug|toast|sauce|condiment|mustard|fruit',
  ],
  [
    'Kitchen/Cutlery & Utensils',
    'cutlery|spoon|fork|knife|knives|chopstick|ladle|utensil|peeler|grater|scoop|tongs|frying pan|milk pan|saucepan|pan|colander|chopping|bread|ice cream|ice bucket|lolly|can opener|fridge magnet|magnet|casserole|pestle|grinder|mill|funnel|food cover|microwave|cook|chef|kitchen|napkin ring|wine rack|cork|funnel|dinner',
  ],
  [
    'Kitchen/Tea Towels & Cloths',
    'tea towel|tea-towel|tablecloth|table cloth|table runner|dish cloth|washing up|glove|cloth|tea towels|duster|swiss roll towel|oven glove|oven mitt|sponge',
  ],
  [
    'Kitchen/Jars & Storage',
    'jar|bottle|tin|canister|container|bread bin|storage|caddy|crate|milk bottle|preserv|jam|food|pot|churn|pail',
  ],
  [
    'Toys & Games/Toys',
    'toy|doll|dolls|dolly|puppet|teddy|soft toy|spinning|skittle|marbles|robot|playhouse|rocking|kite|yo yo|spring|jack in|helicopter|racing|train|jumping|inflatable|bouncing|rubber duck|ducks|puzzle|pull along|xylophone|drum|tambourine|trumpet|harmonica|musical|building block|stick horse|farmyard|animal|dinosaur|monster|circus|horse|aeroplane|car|tractor|rocket|gumball|sand|bath toy|sucker|hen|poppet|stress ball|periscope|bubbles|space|pirate|fairy|wand|guitar|naughty',
  ],
  [
    'Toys & Games/Games',
    'game|snakes|ludo|domino|jigsaw|chess|dice|playing|quiz|backgammon|noughts|bingo|solitaire|memory|hopscotch|skipping|quoits|croquet|tennis|football|ball|hoop|trick|cards|snap|lotto|magic',
  ],
  [
    'Toys & Games/Children',
    'childrens|children|childs|child|baby|nursery|girl|boy|kids|kid|bib|nappy|cot|feltcraft|school|potty|booster|toddler',
  ],
  [
    'Stationery/Pens & Pencils',
    'pen|pencil|crayon|chalk|eraser|rubber|sharpener|ruler|pens|marker|highlighter|felt tip|stamp|ink|paint|brush|stencil|scissor|stapler',
  ],
  [
    'Stationery/Notebooks & Albums',
    'notebook|journal|diary|sketchbook|album|address book|book|scrapbook|notelet|writing|letter|file|folder|clipboard|bookmark|memo|note|paper|calendar|stationery|organiser|organizer|chalkboard|blackboard|memo board|notice|sticky|photo',
  ],
  [
    'Stationery/Stickers & Craft',
    'sticker|tape|craft|knitting|sewing|button|patch|bead|badge|origami|decoupage|cross stitch|crochet|wool|needle|pin|sequin|glue|embroidery|felt|stitch|yarn|kit|peg|transfer|tattoo',
  ],
  ['Home/Clocks', 'clock|alarm'],
  [
    'Home/Frames & Mirrors',
    'frame|mirror|photoframe|picture|canvas|print|poster|wall art|plaque|postcard rack',
  ],
  [
    'Home/Signs & Plaques',
    'sign|plaque|doorsign|door sign|door plate|number tile|tile|word|letters|initial|doorplate|billboard|metal',
  ],
  [
    'Home/Cushions & Throws',
    'cushion|throw|pillow|quilt|blanket|bedspread|rug|mat|carpet|seat pad|curtain|bean bag|beanbag|filler pad|duvet|screen|tablecloth|voile|blind|hot water bottle|hottie|hand warmer|warmer|wheat',
  ],
  [
    'Home/Storage & Organisers',
    'box|basket|cabinet|drawer|chest|storage|shelf|rack|hook|hanger|coat|tidy|holder|organiser|bin|wastepaper|stand|trunk|cube|case|tissue|laundry|peg bag|umbrella stand|magazine|knob|handle|wardrobe|cupboard|bookend|money bank|bank|piggy|trinket|keepsake|jewel|ashtray|pill',
  ],
  [
    'Home/Bath & Beauty',
    'bath|soap|towel|flannel|shower|toothbrush|tooth|toilet|loo|sponge|nail|lip|compact|manicure|body|hand cream|talc|beauty|vanity|cosmetic|dressing|hankies|face|massager',
  ],
  [
    'Home/Furniture',
    'chair|table|stool|bench|bed|sofa|desk|furniture|seat|ladder|bookcase|footstool|ottoman|pouffe|coatrack|dresser|armoire|corner',
  ],
  ['Home/Doormats & Doorstops', 'doormat|doorstop|door stop|draught|draft|door'],
  [
    'Home/Decorations',
    'decoration|ornament|garland|wreath|hanging|heart|vase|flower|rose|rosette|artificial|bird|butterfly|cornice|statue|figurine|globe|bell|bells|star|mobile|deco|dec|letter|paperweight|p weight|fish|cat|dog|owl|angel|bauble|string|swag|tree|dove|elephant|rabbit|love|feather|chimes|buddha|cherub|shell|crystal|glass|wicker|leaf|branch|stem|bouquet|posy|blossom|daisy|lily|tulip|foxglove|hydrangea|orchid|peony|poppy|pebble|mushroom|toadstool|squirrel|hedgehog|duck|frog|lizard|gecko|pig|sheep|cow|pear|apple|strawberry|bow|drop|wall|zinc|wood|wooden|ceramic|porcelain',
  ],
]

const compiled = rules.map(([category, words]) => {
  const stems = words.split('|').map((word) => word.replaceAll('.', '\\.'))
  return { category, pattern: new RegExp(`\\b(?:${stems.join('|')})(?:s|es)?\\b`) }
})

/** The two-level category of a product with this name. */
export const categoryOf = (name: string): string => {
  const words = name.toLowerCase().replaceAll('-', ' ')
  return compiled.find(({ pattern }) => pattern.test(words))?.category ?? 'Other/Curiosities'
}

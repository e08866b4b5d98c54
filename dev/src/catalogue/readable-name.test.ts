import { expect, test } from 'bun:test'
import { readableName } from './readable-name.ts'

test.each([
  ['WHITE HANGING HEART T-LIGHT HOLDER', 'White Hanging Heart Tealight Holder'],
  ['SET/6 RED SPOTTY PAPER PLATES', 'Set of 6 Red Spotty Paper Plates'],
  ['S/12 VANILLA  BOTANICAL T-LIGHTS', 'Set of 12 Vanilla Botanical Tealights'],
  ['ROUND SNACK BOXES SET OF4 WOODLAND ', 'Round Snack Boxes Set of 4 Woodland'],
  ['AIRLINE LOUNGE,METAL SIGN', 'Airline Lounge, Metal Sign'],
  ["CHILDREN'S SPACEBOY MUG", "Children's Spaceboy Mug"],
  ["PINK B'FLY C/COVER W BOBBLES", 'Pink Butterfly Cushion Cover with Bobbles'],
  ['LETTER "D" BLING KEY RING', 'Letter "D" Bling Key Ring'],
  ['BAG 500g SWIRLY MARBLES', 'Bag 500g Swirly Marbles'],
  ['CHARLIE+LOLA RED HOT WATER BOTTLE ', 'Charlie & Lola Red Hot Water Bottle'],
  ['*USB Office Mirror Ball', 'USB Office Mirror Ball'],
  ['FANCY FONT BIRTHDAY CARD, ', 'Fancy Font Birthday Card'],
  ['THE KING OF THE HILL', 'The King of the Hill'],
])('writes %p as %p', (description, name) => {
  expect(readableName(description)).toBe(name)
})

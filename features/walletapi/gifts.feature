@walletapi
Feature: Gifts
  A sale that may use gifts spends them before the balance.

  @G-1
  Rule: A sale with UseGiftBalances spends gifts first. GiftAmount is what they paid, and the balance pays only the rest

    Scenario: A gift smaller than the amount leaves the rest to the balance
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 20.00
      And the balance falls by 10.00

    Scenario: A gift that is 0.01 smaller than the amount leaves 0.01 to the balance
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 29.99 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 29.99
      And the balance falls by 0.01

    Scenario Outline: A gift of <gift>, which a float may get wrong, pays <gift>
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of <gift> on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay <gift>
      And the balance falls by <rest>

      Examples:
        | gift  | rest  |
        | 0.29  | 29.71 |
        | 10.5  | 19.50 |
        | 19.99 | 10.01 |

    Scenario: Two gifts are spent before the balance
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 10.00 on the wallet
      And another gift of 15.00 on the wallet
      When the merchant makes a sale of 40.00 that may use gifts
      Then the gifts pay 25.00
      And the balance falls by 15.00

    @G-6
    Scenario: Twenty-five gifts are all spent before the balance, and listed
      Given a wallet with no gifts yet and 100.00 to spend
      And 25 gifts of 1.00 each on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 25.00
      And the balance falls by 5.00
      And the sale names a gift that paid, and lists 25

    Scenario: A gift that was given before any money came in pays
      Given a wallet without gifts
      And a gift of 20.00 on the wallet
      When the merchant deposits 100.00
      And the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 20.00
      And the balance falls by 10.00

    Scenario Outline: A gift that expires <when> pays today
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet that expires <when>
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 20.00
      And the balance falls by 10.00

      Examples:
        | when             |
        | tomorrow         |
        | in half a minute |
        | in a minute      |
        | in 20 years      |

    Scenario: A gift on a wallet without a balance pays a sale that it covers
      Given a wallet without gifts
      And a gift of 30.00 on the wallet
      When the merchant makes a sale of 10.00 that may use gifts
      Then the gifts pay 10.00
      And the balance is unchanged

  @G-2
  Rule: A gift that covers the whole amount leaves the balance unchanged, and what is left of the gift stays for the next sale

    Scenario: What is left of a gift stays when another one is given
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 5.00 that may use gifts
      And the merchant gives a gift of 10.00
      Then 25.00 of the gifts are left

    Scenario: What is left of a gift stays when money is deposited
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 5.00 that may use gifts
      And the merchant deposits 10.00
      And the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 15.00
      And the balance falls by 15.00

    Scenario: A gift equal to the amount pays all of it
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 30.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 30.00
      And the balance is unchanged
      And 0.00 of the gifts are left

    Scenario: What is left of a larger gift pays in the next sale
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 50.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 30.00
      And the balance is unchanged
      And 20.00 of the gifts are left
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 20.00
      And the balance falls by 10.00

    Scenario Outline: When <left> is left of a gift, it pays that much of the next sale
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 30.00 on the wallet
      When the merchant makes a sale of <amount> that may use gifts
      Then the gifts pay <amount>
      And <left> of the gifts are left
      When the merchant makes a sale of 10.00 that may use gifts
      Then the gifts pay <left>
      And the balance falls by <rest>

      Examples:
        | amount | left | rest |
        | 29.99  | 0.01 | 9.99 |
        | 29.50  | 0.50 | 9.50 |

    Scenario Outline: Of two equal gifts, a sale of <amount> leaves <left>
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      And another gift of 20.00 on the wallet
      When the merchant makes a sale of <amount> that may use gifts
      Then the gifts pay <amount>
      And the balance is unchanged
      And <left> of the gifts are left

      Examples:
        | amount | left  |
        | 15.00  | 25.00 |
        | 20.00  | 20.00 |

    @slow
    Scenario: What is left of a gift that paid some seconds ago still pays
      Given a wallet with 300.00 to spend and a gift of 20.00 of which 5.00 was spent some seconds ago
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 15.00
      And the balance falls by 15.00

    Scenario: A gift pays several sales until it is used up
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 50.00 on the wallet
      When the merchant makes a sale of 12.00 that may use gifts
      And the merchant makes a sale of 12.00 that may use gifts
      And the merchant makes a sale of 12.00 that may use gifts
      Then the gifts pay 12.00
      And 14.00 of the gifts are left
      When the merchant makes a sale of 12.00 that may use gifts
      Then the gifts pay 12.00
      And 2.00 of the gifts are left

    Scenario: A gift that is used up leaves alone one that expires at the same moment on another wallet
      Given another wallet with 100.00 to spend
      And a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on each wallet, which expire at the same moment
      When the merchant makes a sale of 20.00 that may use gifts
      Then the gifts pay 20.00
      And the other wallet still has its gift of 20.00

    Scenario: Two gifts that cover the amount together leave the balance untouched
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      And another gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 30.00
      And the balance is unchanged
      And 10.00 of the gifts are left

    @T-1
    Scenario: A gift that is used up pays nothing more
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 30.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      And the merchant makes a sale of 10.00 that may use gifts
      Then no gift pays
      And the balance falls by 10.00

  @G-3
  Rule: A sale without UseGiftBalances leaves the gift unchanged and returns null for GiftAmount

    Scenario: A sale that may not use gifts is paid by the balance
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00
      Then no gift pays
      And the gifts are unchanged
      And the balance falls by 30.00

    Scenario: A sale of the same amount as one that a gift has paid is paid by the balance
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 30.00 on the wallet
      When the merchant makes a sale of 10.00 that may use gifts
      Then the gifts pay 10.00
      When the merchant makes a sale of 10.00
      Then no gift pays
      And the gifts are unchanged
      And the balance falls by 10.00

  @G-4
  Rule: A sale on a wallet without a gift returns null for GiftAmount, GiftBalanceId and UsedGiftBalances

    Scenario: A sale that may use gifts finds none
      Given a wallet with no gifts yet and 100.00 to spend
      When the merchant makes a sale of 30.00 that may use gifts
      Then the sale names no gift
      And the balance falls by 30.00

    Scenario: A sale that may not use gifts finds none either
      Given a wallet with no gifts yet and 100.00 to spend
      When the merchant makes a sale of 30.00
      Then the sale names no gift

  @G-5 @slow
  Rule: A gift past its ExpirationDate pays nothing

    Scenario Outline: A gift that has expired<way> pays nothing, and makes no sale possible that the balance does not cover
      Given a wallet with 300.00 to spend and a gift of 20.00 that has expired<way>
      When the merchant tries a sale of 20.00 more than the balance, that may use gifts
      Then the sale fails
      When the merchant makes a sale of 20.00 that may use gifts
      Then no gift pays
      And the balance falls by 20.00
      When the merchant makes a sale of 30.00 that may use gifts
      Then no gift pays
      And the balance falls by 30.00

      Examples:
        | way                                   |
        |                                       |
        | , written west of UTC                 |
        | , written east of UTC                 |
        | , after a part of it was spent        |
        | , after a sale that may not use gifts |
        | , as has an equal one given after it  |

    Scenario Outline: A gift that has expired pays nothing after a sale was <undone>
      Given a wallet with 300.00 to spend and a gift of 20.00 that has expired
      And the merchant has made a sale of 10.00
      And the sale is <undone>
      When the merchant makes a sale of 30.00 that may use gifts
      Then no gift pays
      And the balance falls by 30.00

      Examples:
        | undone    |
        | cancelled |
        | refunded  |

    Scenario: A gift that has expired pays nothing if the balances were last read before
      Given a wallet with 300.00 to spend and a gift of 20.00 that has expired, after the balances were read
      When the merchant makes a sale of 30.00 that may use gifts, without reading the balances
      Then no gift pays

    @M-1
    Scenario: What is left of a gift that expires is not taken from the balance
      Given a wallet with 300.00 to spend and a gift of 20.00 that has expired, after a part of it was spent and the balances were read
      Then the balance is the one that was read before the gift expired

    @G-6
    Scenario Outline: Of two gifts, only the one that <which> expired pays
      Given a wallet with 300.00 to spend and a gift of 20.00 that has expired, beside one of 10.00 that <which>
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 10.00
      And the balance falls by 20.00
      And the sale names a gift that paid, and lists 1

      Examples:
        | which                           |
        | has not                         |
        | was given before it and has not |

  @G-6
  Rule: GiftBalanceId is the id of a gift that paid, and UsedGiftBalances has one element per gift that paid

    Scenario: One gift that pays is named and listed
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the sale names a gift that paid, and lists 1

    Scenario Outline: Two gifts that pay for a sale of <amount> are listed, and one of them is named
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 10.00 on the wallet
      And another gift of 15.00 on the wallet
      When the merchant makes a sale of <amount> that may use gifts
      Then the sale names a gift that paid, and lists 2

      Examples:
        | amount |
        | 40.00  |
        | 20.00  |

    Scenario: A gift that pays after another was used up is named, and only it is listed
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 10.00 on the wallet that a sale has used up
      And a gift of 20.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the gifts pay 20.00
      And the sale names a gift that paid, and lists 1

    Scenario: Two sales that each use up a gift name the one that paid
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 10.00 on the wallet
      And another gift of 10.00 on the wallet
      When the merchant makes a sale of 10.00 that may use gifts
      And the merchant makes another sale of 10.00 that may use gifts
      Then the two sales name a gift each

    Scenario: Two equal gifts that pay are both listed
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 10.00 on the wallet
      And another gift of 10.00 on the wallet
      When the merchant makes a sale of 30.00 that may use gifts
      Then the sale names a gift that paid, and lists 2

    Scenario: Of two gifts, only those that were needed are listed
      Given a wallet with no gifts yet and 100.00 to spend
      And a gift of 20.00 on the wallet
      And another gift of 20.00 on the wallet
      When the merchant makes a sale of 15.00 that may use gifts
      Then the sale names a gift that paid, and lists 1
